import { isCollection, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { err, ok, type Result } from '../core/result.ts';
import type { ConfigProblem } from './config.ts';

/** A parsed file: its value, and on which line a key of it stands. */
export type YamlFile = { readonly value: unknown; readonly lineOf: (path: readonly PropertyKey[]) => number };

const VARIABLE = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Parses YAML and replaces `${NAME}` in texts by the variable; `$${` stays a literal `${`. A variable that is not set is
 * a problem of its line. What a variable holds never comes into a message.
 */
export function parseYaml(text: string, file: string, env: Readonly<Record<string, string | undefined>>): Result<YamlFile, readonly ConfigProblem[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: ConfigProblem[] = document.errors.map((error) => ({ where: `${file}:${lines.linePos(error.pos[0]).line}`, message: error.message }));
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'string') return;
      const line = lines.linePos(node.range?.[0] ?? 0).line;
      node.value = node.value.replace(VARIABLE, (whole, escaped: string | undefined, name: string) => {
        if (escaped) return whole.slice(1);
        const value = env[name];
        if (value !== undefined && value !== '') return value;
        problems.push({ where: `${file}:${line}`, message: `\${${name}} is not set: set the environment variable ${name}` });
        return '';
      });
    },
  });
  if (problems.length > 0) return err(problems);
  const value: unknown = document.toJS();
  return ok({ value: value ?? {}, lineOf: (path) => lineOf(document, lines, path) });
}

/** The line of the deepest part of a path that the file has. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    if (!isCollection(parent)) continue;
    for (const item of parent.items) {
      if (typeof item !== 'object' || item === null || !('key' in item)) continue;
      if (isScalar(item.key) && String(item.key.value) === String(last) && item.key.range) return lines.linePos(item.key.range[0]).line;
    }
    const node = document.getIn(path.slice(0, depth), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return lines.linePos(Number(node.range[0])).line;
  }
  return 1;
}
