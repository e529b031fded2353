import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml';
import { err, ok, type Result } from '../core/result.ts';
import type { ConfigProblem } from './config.ts';
import { trimmed, type Env } from './environment.ts';

type Path = readonly PropertyKey[];

/** A parsed file: its value, and the line of each key. */
export type YamlFile = {
  readonly value: unknown;
  readonly lineOf: (path: Path) => number;
  readonly variables: readonly UsedVariable[];
  readonly unset: readonly UnsetVariable[];
};

/** A variable that was inserted into a value, and the path of the value. */
export type UsedVariable = { readonly name: string; readonly value: string; readonly path: Path };

/** An unset variable, and the path of the value that needs it. The value is empty there. */
type UnsetVariable = Omit<UsedVariable, 'value'>;

const VARIABLE = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** After one mistake, a parser finds many more. Only the first lines are useful. */
const MOST_SYNTAX_ERRORS = 5;

/**
 * Parses YAML and replaces `${NAME}` in values with the variable. `$${` stays a literal `${`. Unset variables are returned next to the
 * value, so that they do not hide other mistakes. Keys are not replaced, so that the value of a variable never appears in a message.
 */
export function parseYaml(text: string, file: string, env: Env): Result<YamlFile, readonly ConfigProblem[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line;
  const syntax = new Map(
    [...document.errors, ...document.warnings]
      .map((error) => [lineAt(error.pos[0]), syntaxWords(error, text.slice(error.pos[0]))] as const)
      .toReversed(),
  );
  if (syntax.size > 0) {
    const first = [...syntax].sort(([a], [b]) => a - b).slice(0, MOST_SYNTAX_ERRORS);
    return err(first.map(([line, message]) => ({ where: `${file}:${line}`, message })));
  }
  const problems: ConfigProblem[] = [];
  const variables: UsedVariable[] = [];
  const unset: UnsetVariable[] = [];
  let aliasLine: number | null = null;
  visit(document, {
    Alias(_key, node, ancestors) {
      aliasLine ??= lineAt(node.range?.[0]);
      if (!node.resolve(document)) problem(node, ancestors, `*${node.source} has no anchor &${node.source} before it`);
    },
    Scalar(key, node, ancestors) {
      if (key === 'key') {
        if (node.value === '__proto__') problem(node, ancestors, '__proto__ cannot be a name');
      } else if (typeof node.value === 'string') {
        node.value = node.value.replace(VARIABLE, (whole, escaped: string | undefined, name: string) => {
          if (escaped) return whole.slice(1);
          const value = trimmed(env[name]);
          if (value !== undefined) {
            variables.push({ name, value, path: pathTo(node, ancestors) });
            return value;
          }
          unset.push({ name, path: pathTo(node, ancestors) });
          return '';
        });
      }
    },
  });
  if (problems.length > 0) return err(problems);
  try {
    const value: unknown = document.toJS();
    return ok({ value: value ?? {}, lineOf: (path) => lineOf(document, lines, path), variables, unset });
  } catch {
    // Only the number of values behind aliases can still fail: a few lines can stand for billions of values.
    return err([{ where: `${file}:${aliasLine ?? 1}`, message: 'the aliases (*name) stand for too many values: write them out' }]);
  }

  function problem(node: Node, ancestors: readonly (Document | Node | Pair)[], message: string): void {
    problems.push({ where: `${file}:${lineAt(node.range?.[0])} ${keyPath(pathTo(node, ancestors))}`.trim(), message });
  }
}

/** Returns the file with all variables still in it as it is written; undefined if it is not YAML. */
export function writtenValue(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** Lists the variables that a file uses, also in comments and in a file that is not YAML. */
export function variablesIn(text: string): ReadonlySet<string> {
  const parsed = parseYaml(text, '', {});
  const written = [...text.matchAll(VARIABLE)].map(([, , name = '']) => name);
  return new Set([...written, ...(parsed.ok ? parsed.value.unset.map(({ name }) => name) : [])]);
}

/** Whether a path is that of a place in the file, or of something in it. */
export function isWithin(path: Path, place: Path): boolean {
  return place.every((part, depth) => path[depth] === part);
}

/** Formats a path: `rules[0].levels[1]`. */
export function keyPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

/** Words the parser's error for people who do not know its functions. `text` starts where it occurred. */
function syntaxWords({ code, message }: Pick<YAMLError, 'code' | 'message'>, text: string): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---): the file must have only one';
    case 'RESOURCE_EXHAUSTION':
      return 'this is nested too deeply';
    case 'DUPLICATE_KEY':
      return `the key ${/^("[^"]*"|'[^']*'|[^\s:,}]+)/.exec(text)?.[0] ?? ''} is written twice`;
    default:
      return `this is not YAML: ${message}`;
  }
}

function pathTo(node: Node, ancestors: readonly (Document | Node | Pair)[]): Path {
  return ancestors.flatMap((one, index): Path => {
    if (isPair(one)) return isScalar(one.key) && one.key !== node ? [String(one.key.value)] : [];
    return isSeq(one) ? [one.items.indexOf(ancestors[index + 1] ?? node)] : [];
  });
}

/** Returns the line of the deepest part of a path that exists in the file. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    if (!isCollection(parent)) continue;
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last)) : undefined;
    if (isScalar(pair?.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    const node = document.getIn(path.slice(0, depth), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
      return lines.linePos(Number(node.range[0])).line;
  }
  return 1;
}
