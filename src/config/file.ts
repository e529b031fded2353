import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { DEFAULT_ACCOUNT } from '../core/meter.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { AccountConfig, ConfigProblem, RouteConfig, RuleConfig } from './config.ts';
import { accountSchema, fileSchema, type AccountFile } from './file-schema.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

type FileConfig = { readonly path: string | null; readonly accounts: readonly AccountConfig[]; readonly notices: readonly string[] };

/**
 * Reads creditwatch.yml. Without a file, and with an empty one, there is the account `default` with nothing declared.
 *
 * @param required whether the file was named, so that its absence is a problem.
 */
export function readFile(path: string, required: boolean, cwd: string, env: Readonly<Record<string, string | undefined>>): Result<FileConfig, readonly ConfigProblem[]> {
  const name = relative(cwd, path) || path;
  if (!existsSync(path)) {
    if (required) return err([{ where: 'CREDITWATCH_CONFIG', message: `${path} does not exist` }]);
    return ok({ path: null, accounts: [accountOf(DEFAULT_ACCOUNT, accountSchema.parse({}), 'UTC')], notices: [] });
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return err([{ where: name, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` }]);
  }
  const yaml = parseYaml(text, name, env);
  if (!yaml.ok) return yaml;
  const parsed = fileSchema.safeParse(yaml.value.value);
  if (!parsed.success) return err(parsed.error.issues.flatMap((issue) => problemsOf(issue, name, yaml.value)));
  const { accounts, timezone = 'UTC', allowHosts: _polling, ...single } = parsed.data;
  const declared: readonly (readonly [string, AccountFile])[] = accounts ? Object.entries(accounts) : [[DEFAULT_ACCOUNT, { ...single, timezone, slackTeams: [], teamsTenants: [] }]];
  const problems = [...(accounts ? misplaced(single, name, yaml.value) : []), ...declared.flatMap(([id, one]) => repeated(one, accounts ? ['accounts', id] : [], name, yaml.value))];
  if (problems.length > 0) return err(problems);
  const result = declared.map(([id, one]) => accountOf(id, one, timezone));
  return ok({ path, accounts: result, notices: noticesOf(name, declared.map(([, one]) => one)) });
}

function noticesOf(file: string, accounts: readonly AccountFile[]): readonly string[] {
  const polled = accounts.flatMap((one) => one.sources).filter((source) => source.kind === 'http');
  const teams = accounts.some((one) => one.routes.some((route) => route.teams !== undefined));
  return [
    ...polled.map((source) => `${file} has the source ${source.id} of kind http, but this version does not poll yet: push its readings to POST /v1/usage.`),
    ...(teams ? [`${file} has routes to Teams, but this version does not connect to Teams yet: they are ignored.`] : []),
  ];
}

function accountOf(id: string, file: AccountFile, timeZone: string): AccountConfig {
  const { admins, slackTeams, sources, rules, routes } = file;
  return {
    id,
    timeZone: file.timezone ?? timeZone,
    admins,
    slackTeams,
    sources: sources.flatMap((source) => (source.kind === 'http' ? [] : [{ ...source, period: source.period ?? null }])),
    rules: named(rules.map((rule): RuleConfig => ({ ...rule, id: `file:${rule.kind}:${shortHash(rule.meters)}` }))),
    routes: named(routes.flatMap((route): RouteConfig[] => {
      if (route.slack === undefined) return [];
      const meters = route.meters ?? (route.operations ? null : 'all');
      const settings = { meters, operations: route.operations, mention: route.mention, digest: route.digest ?? null };
      return [{ id: `slack:${route.slack}`, destination: { kind: 'slack', address: route.slack }, settings }];
    })),
  };
}

/** A rule keeps its name when the file is put in another order; only what it watches names it. */
function shortHash(meters: RuleConfig['meters']): string {
  const canonical = meters === 'all' ? meters : [...new Set(meters)].sort().join('\n');
  return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}

/** Repeats of an id get #2, #3 in the order of the file. */
function named<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  const seen = new Map<string, number>();
  return all.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1;
    seen.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id}#${count}` };
  });
}

function misplaced(single: Pick<AccountFile, 'sources' | 'rules' | 'routes' | 'admins'>, file: string, yaml: YamlFile): readonly ConfigProblem[] {
  const keys = (['sources', 'rules', 'routes', 'admins'] as const).filter((key) => single[key].length > 0);
  return keys.map((key) => ({ where: `${file}:${yaml.lineOf([key])} ${key}`, message: 'stands beside accounts: move it under the account it belongs to' }));
}

function repeated(account: Pick<AccountFile, 'sources'>, path: readonly PropertyKey[], file: string, yaml: YamlFile): readonly ConfigProblem[] {
  const ids = account.sources.map((source) => source.id);
  return ids.flatMap((id, index) => (ids.indexOf(id) === index ? [] : [{ where: `${file}:${yaml.lineOf([...path, 'sources', index, 'id'])} sources[${index}].id`, message: `${id} is declared twice: give each source an id of its own` }]));
}

function problemsOf(issue: z.core.$ZodIssue, file: string, yaml: YamlFile): readonly ConfigProblem[] {
  const at = (path: readonly PropertyKey[]) => `${file}:${yaml.lineOf(path)} ${keyPath(path)}`.trim();
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ where: at([...issue.path, key]), message: `unknown key${hint(key, issue.path)}` }));
  }
  if (issue.code === 'invalid_union') {
    const [best] = issue.errors.flat();
    if (best?.code === 'unrecognized_keys' || (best && best.path.length > 0)) return problemsOf({ ...best, path: [...issue.path, ...best.path] }, file, yaml);
  }
  return [{ where: at(issue.path), message: readable(issue) }];
}

function readable(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.message.startsWith('Invalid') ? `is one of ${issue.values.map(String).join(', ')}` : issue.message;
  if (issue.code === 'invalid_type') return issue.message.startsWith('Invalid input: expected') ? `is required to be ${article(issue.expected)}` : issue.message;
  if (issue.code === 'invalid_union') return issue.message.startsWith('Invalid') ? 'is all, or a list of meter keys' : issue.message;
  return issue.message;
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = { string: 'text', array: 'a list', object: 'a group of keys', record: 'a group of keys', boolean: 'true or false', number: 'a number', int: 'a whole number' };
  return words[type] ?? type;
}

const KEYS = ['allowHosts', 'preset', 'method', 'url', 'headers', 'body', 'timezone', 'admins', 'sources', 'rules', 'routes', 'accounts', 'slackTeams', 'teamsTenants', 'id', 'kind', 'period', 'every', 'day', 'meters', 'label', 'unit', 'decimals', 'aliases', 'owner', 'consequence', 'levels', 'firstSight', 'used', 'remaining', 'severity', 'slack', 'teams', 'operations', 'digest', 'weekday', 'at', 'mention'];

function hint(key: string, path: readonly PropertyKey[]): string {
  const near = KEYS.filter((known) => known !== key).map((known) => ({ known, slips: distance(key.toLowerCase(), known.toLowerCase()) })).sort((a, b) => a.slips - b.slips)[0];
  if (near && near.slips <= Math.max(1, Math.floor(near.known.length / 3))) return `: did you mean "${near.known}"?`;
  return path.length === 0 ? ': docs/configuration.md lists the keys' : ' here: docs/configuration.md lists the keys';
}

/** `rules[0].levels[1]` */
function keyPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}
