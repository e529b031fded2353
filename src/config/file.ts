import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Platform } from '../chat/platform.ts';
import { limitsOf } from '../core/meters/limits.ts';
import { DEFAULT_ACCOUNT } from '../core/meters/meter.ts';
import { USUAL_RETENTION, type Retention } from '../core/meters/retention.ts';
import { err, ok, type Result } from '../core/result.ts';
import { USUAL_DIGEST } from '../core/time/schedule.ts';
import type { AccountConfig, ConfigProblem, MailSourceConfig, PolledSourceConfig, RouteConfig, RuleConfig } from './config.ts';
import { misplaced, repeatedSources, sharedKeys, sharedWorkspaces } from './file-checks.ts';
import { accountSchema, fileSchema, type AccountFile } from './file-schema.ts';
import { issueText } from './issue-text.ts';
import { isOfUnset, placed, problemsOf, unsetProblems, withoutValue, type FileProblem } from './problems.ts';
import { personFinder, strangers, type WithWrittenPeople } from './people.ts';
import { mailSources } from './mail-sources.ts';
import { polledSources } from './polled-sources.ts';
import { parseYaml } from './yaml.ts';

type FileConfig = {
  readonly path: string | null;
  readonly accounts: readonly AccountConfig[];
  readonly retention: Retention;
  readonly sourceSecrets: readonly string[];
};

/**
 * Reads creditwatch.yml. Without a file, or with an empty one, the result is the account `default` with nothing declared. Never throws.
 *
 * @param required whether the file was named, so that it must exist
 */
export function readFile(
  path: string,
  required: boolean,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  platforms: readonly Platform[],
): Result<FileConfig, readonly ConfigProblem[]> {
  const name = relative(cwd, path) || path;
  if (!existsSync(path)) {
    if (required) return err([{ where: 'CREDITWATCH_CONFIG', message: `${path} does not exist` }]);
    return ok({
      path: null,
      accounts: [accountOf(DEFAULT_ACCOUNT, accountSchema(platforms).parse({}), 'UTC', { polled: [], mails: [], platforms })],
      retention: USUAL_RETENTION,
      sourceSecrets: [],
    });
  }
  let text: string;
  try {
    text = decodedFile(readFileSync(path));
  } catch (error) {
    return err([
      {
        where: name,
        message: `cannot be read: ${error instanceof TypeError ? 'it is not UTF-8 text: save it as UTF-8' : error instanceof Error ? error.message : String(error)}`,
      },
    ]);
  }
  return readFileText(text, { path, name, env, platforms });
}

/**
 * Reads the text of creditwatch.yml. Never throws.
 *
 * @param from.name the name of the file in mistakes
 */
export function readFileText(
  text: string,
  {
    path,
    name,
    env,
    platforms,
  }: {
    readonly path: string;
    readonly name: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly platforms: readonly Platform[];
  },
): Result<FileConfig, readonly ConfigProblem[]> {
  const yaml = parseYaml(text, name, env);
  if (!yaml.ok) return yaml;
  const schema = fileSchema(platforms);
  const parsed = schema.safeParse(yaml.value.value, { error: issueText });
  const unset = unsetProblems(yaml.value);
  const all = (found: readonly FileProblem[]) =>
    err(
      placed(
        [...unset, ...found.filter((problem) => !isOfUnset(problem, yaml.value)).map((problem) => withoutValue(problem, yaml.value))],
        name,
        yaml.value,
      ),
    );
  if (!parsed.success) return all(problemsOf(parsed.error.issues, schema));
  const { accounts, timezone = 'UTC', allowHosts, retention, ...single } = parsed.data;
  const declared: readonly (readonly [string, AccountFile])[] = accounts
    ? Object.entries(accounts)
    : [[DEFAULT_ACCOUNT, { ...single, timezone, workspaces: {} }]];
  const pathOf = (id: string) => (accounts ? ['accounts', id] : []);
  const { variables } = yaml.value;
  const polled = declared.map(([id, one]) => polledSources(one, pathOf(id), { variables, allowHosts }));
  const mails = declared.map(([id, one]) => mailSources(one, pathOf(id), variables));
  const problems = [
    ...(accounts ? misplaced(single) : []),
    ...declared.flatMap(([id, one]) => repeatedSources(one, pathOf(id))),
    ...sharedWorkspaces(declared, platforms),
    ...declared.flatMap(([id, one]) => strangers(one, pathOf(id), platforms)),
    ...polled.flatMap((one) => one.problems),
    ...sharedKeys(declared, pathOf),
  ];
  if (unset.length + problems.length > 0) return all(problems);
  // Limits next to `accounts` apply to each account.
  const result = declared.map(([id, one], index) =>
    accountOf(id, { ...one, limits: limitsOf(single.limits, one.limits) }, timezone, {
      polled: polled[index]?.sources ?? [],
      mails: mails[index]?.sources ?? [],
      platforms,
    }),
  );
  const sourceSecrets = [...new Set([...polled, ...mails].flatMap((one) => one.secrets))];
  return ok({ path, accounts: result, retention, sourceSecrets });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes the file. Notepad and PowerShell of Windows write UTF-16 with a byte order mark.
 *
 * @throws Error if the file is neither that nor UTF-8
 */
export function decodedFile(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true }).decode(bytes);
  const text = UTF8.decode(bytes);
  if (text.includes('\0')) throw new Error('it is not UTF-8 text: save it as UTF-8');
  return text;
}

function accountOf(
  id: string,
  file: AccountFile,
  timeZone: string,
  {
    polled,
    mails,
    platforms,
  }: {
    readonly polled: readonly WithWrittenPeople<PolledSourceConfig>[];
    readonly mails: readonly WithWrittenPeople<MailSourceConfig>[];
    readonly platforms: readonly Platform[];
  },
): AccountConfig {
  const { admins, viewers, workspaces, rules, routes } = file;
  const sources = file.sources.filter((source) => source.kind !== 'http' && source.kind !== 'mail');
  const { people, withPeople } = personFinder(platforms);
  return {
    id,
    timeZone: file.timezone ?? timeZone,
    limits: limitsOf(file.limits),
    admins: people(admins),
    viewers: viewers && people(viewers),
    secretAddresses: routes.flatMap(({ place: { kind: platform, address, secret } }) =>
      secret === null ? [] : [{ platform, address, written: secret }],
    ),
    workspaces,
    ingestKeys: [
      ...file.ingestKeys.map((key) => ({ source: null, key })),
      ...sources.flatMap(({ id: source, keys }) => keys.map((key) => ({ source, key }))),
    ],
    sources: [
      ...sources.map(({ id: source, kind, period = null, expires = null, meters, contacts = {} }) =>
        withPeople({ id: source, kind, period, expires, meters, contacts }),
      ),
      ...polled.map((source) => withPeople(source)),
      ...mails.map((source) => withPeople(source)),
    ],
    rules: named(rules.map((rule): RuleConfig => ({ ...rule, id: `file:${rule.kind}:${shortHash(rule.meters)}` }))),
    routes: named(
      routes.map((route): RouteConfig => {
        const { kind, address, direct } = route.place;
        const meters = route.meters ?? (route.operations ? null : 'all');
        const settings = {
          meters,
          operations: route.operations,
          mention: Object.fromEntries(Object.entries(route.mention).map(([severity, ids]) => [severity, people(ids)])),
          digest: route.digest === false ? null : (route.digest ?? (meters === null ? null : USUAL_DIGEST)),
          timeZone: route.timezone ?? null,
          onlyIfRunningOut: route.onlyIfRunningOut,
          recovery: route.recovery,
        };
        return { id: `${kind}:${address}`, destination: { kind, address, ...(direct && { direct }) }, settings };
      }),
    ),
  };
}

/** The ID of a rule depends only on its kind and meters, so it stays the same if the order of the file changes. */
function shortHash(meters: RuleConfig['meters']): string {
  const canonical = meters === 'all' ? meters : [...new Set(meters)].sort().join('\n');
  return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}

/** Repeated IDs get #2, #3 and so on, in the order of the file. */
function named<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  const seen = new Map<string, number>();
  return all.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1;
    seen.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id}#${count}` };
  });
}
