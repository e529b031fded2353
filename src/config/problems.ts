import type { z } from 'zod';
import type { ConfigProblem } from './config.ts';
import { nearestKey } from './known-keys.ts';
import { isWithin, keyPath, type YamlFile } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** A mistake in the file, with the path of its key. `placeholder`: the name of the unknown one that it is about. */
export type FileProblem = { readonly path: readonly PropertyKey[]; readonly message: string; readonly placeholder?: string };

/** Adds the file, line and key to mistakes, and sorts them by line. */
export function placed(problems: readonly FileProblem[], file: string, yaml: YamlFile): readonly ConfigProblem[] {
  return problems
    .map(({ path, message }) => ({ line: yaml.lineOf(path), key: keyPath(path), message }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, key, message }) => ({ where: `${file}:${line} ${key}`.trim(), message }));
}

/** Returns one mistake for each value that needs an unset variable. */
export function unsetProblems({ unset }: YamlFile): readonly FileProblem[] {
  return unset.map(({ name, path }) => ({ path, message: `\${${name}} is not set: set the environment variable ${name}` }));
}

/** Names the variable in place of a part of its value, which may be a secret: a cookie can have `{{` in it. */
export function withoutValue(problem: FileProblem, { variables }: YamlFile): FileProblem {
  const name = problem.placeholder;
  if (name === undefined) return problem;
  const from = variables.find(({ path, value }) => (value.includes(name) || name.includes(value)) && isWithin(path, problem.path));
  if (from === undefined) return problem;
  return {
    path: problem.path,
    message: `takes a placeholder from the value of \${${from.name}}, which cannot have {{ and }} in it: write the placeholder here`,
  };
}

/** Whether a mistake only follows from an unset variable in the value. */
export function isOfUnset({ path }: FileProblem, { unset }: YamlFile): boolean {
  return unset.some((variable) => isWithin(path, variable.path));
}

/**
 * Returns the mistakes that the schema found, one for each place to correct.
 *
 * @param file the schema of the whole file, for the names of its keys
 */
export function problemsOf(issues: readonly Issue[], file: z.ZodType): readonly FileProblem[] {
  const pointed = issues.flatMap(innermost);
  const mistyped = new Set(pointed.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => keyPath(issue.path)));
  // If a key is mistyped, "must name …" only repeats that the right key is missing.
  return pointed
    .filter((issue) => issue.code !== 'custom' || !mistyped.has(keyPath(issue.path)))
    .flatMap((issue): readonly FileProblem[] => {
      if (issue.path.length === 0 && issue.code === 'invalid_type')
        return [{ path: [], message: 'must consist of keys, such as timezone: Europe/Berlin' }];
      if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message, ...placeholderOf(issue) }];
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: `unknown key${hint(key, issue.path, file)}` }));
    });
}

function placeholderOf(issue: Issue): Pick<FileProblem, 'placeholder'> {
  const placeholder: unknown = issue.code === 'custom' ? issue.params?.['placeholder'] : undefined;
  return typeof placeholder === 'string' ? { placeholder } : {};
}

/** If a value has several allowed forms, returns the mistakes inside the form that was used. */
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
