import type { z } from 'zod';
import type { ConfigProblem } from './config.ts';
import { nearestKey } from './known-keys.ts';
import { keyPath, type YamlFile } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** A mistake in the file, by the path of the key that has it. */
export type FileProblem = { readonly path: readonly PropertyKey[]; readonly message: string };

/** The problems with file, line and key, in the order of the file. */
export function placed(problems: readonly FileProblem[], file: string, yaml: YamlFile): readonly ConfigProblem[] {
  return problems
    .map(({ path, message }) => ({ line: yaml.lineOf(path), key: keyPath(path), message }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, key, message }) => ({ where: `${file}:${line} ${key}`.trim(), message }));
}

/** The variables that are not set, one problem for each value that wants one. */
export function unsetProblems({ unset }: YamlFile): readonly FileProblem[] {
  return unset.map(({ name, path }) => ({ path, message: `\${${name}} is not set: set the environment variable ${name}` }));
}

/** Whether a problem is none of its own: the value lacks a variable, and says nothing before that is set. */
export function isOfUnset({ path }: FileProblem, { unset }: YamlFile): boolean {
  return unset.some((variable) => variable.path.every((part, depth) => path[depth] === part));
}

/**
 * What the schema found, one problem for each thing to mend.
 *
 * @param file the schema of the whole file, for the keys that there are
 */
export function problemsOf(issues: readonly Issue[], file: z.ZodType): readonly FileProblem[] {
  const pointed = issues.flatMap(innermost);
  const mistyped = new Set(pointed.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => keyPath(issue.path)));
  // Where a key is mistyped, "names exactly one of …" only says that the mistyped one is missing.
  return pointed
    .filter((issue) => issue.code !== 'custom' || !mistyped.has(keyPath(issue.path)))
    .flatMap((issue): readonly FileProblem[] => {
      if (issue.path.length === 0 && issue.code === 'invalid_type')
        return [{ path: [], message: 'must consist of keys, such as timezone: Europe/Berlin' }];
      if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: `unknown key${hint(key, issue.path, file)}` }));
    });
}

/** Of several ways to write something, the one that was chosen and only inside has a mistake. */
function innermost(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const chosen = issue.errors.find(
    (branch) => branch.length > 0 && branch.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
  );
  return chosen ? chosen.flatMap((one) => innermost({ ...one, path: [...issue.path, ...one.path] })) : [issue];
}

function hint(key: string, path: readonly PropertyKey[], file: z.ZodType): string {
  const nearest = nearestKey(key, path, file);
  return nearest === null ? `${path.length === 0 ? '' : ' here'}; docs/configuration.md lists the keys` : `, did you mean "${nearest}"?`;
}
