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
  const polled = declared.map(([id, one]) =>
    polledSources(one, accounts ? ['accounts', id] : [], { variables: yaml.value.variables, allowHosts }),
  );
  const mails = declared.map(([id, one]) => mailSources(one, accounts ? ['accounts', id] : [], yaml.value.variables));
  const problems = [
    ...(accounts ? misplaced(single) : []),
    ...declared.flatMap(([id, one]) => repeatedSources(one, accounts ? ['accounts', id] : [])),
    ...sharedWorkspaces(declared, platforms),
    ...declared.flatMap(([id, one]) => strangers(one, accounts ? ['accounts', id] : [], platforms)),
    ...polled.flatMap((one) => one.problems),
    ...sharedKeys(declared, accounts !== undefined),
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
  const { admins, viewers, workspaces, sources, rules, routes } = file;
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
    ingestKeys: keysOf(file).flatMap(({ source, key, isForMail }) => (isForMail ? [] : [{ source, key }])),
    sources: [
      ...sources.flatMap((source) =>
        source.kind === 'http' || source.kind === 'mail'
          ? []
          : [
              withPeople({
                id: source.id,
                kind: source.kind,
                period: source.period ?? null,
                expires: source.expires ?? null,
                meters: source.meters,
                contacts: source.contacts ?? {},
              }),
            ],
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

const TOP_KEYS = ['sources', 'rules', 'routes', 'admins', 'viewers', 'ingestKeys'] as const;

/** Finds keys next to `accounts`, where they would belong to no account. */
function misplaced(single: Pick<AccountFile, (typeof TOP_KEYS)[number]>): readonly FileProblem[] {
  return TOP_KEYS.filter((key) => single[key] !== null && single[key].length > 0).map((key) => ({
    path: [key],
    message: 'must not be beside accounts: move it into the account that it belongs to',
  }));
}

function repeatedSources({ sources }: Pick<AccountFile, 'sources'>, path: readonly PropertyKey[]): readonly FileProblem[] {
  const first = (id: string) => sources.findIndex((source) => source.id === id);
  return sources.flatMap(({ id }, index) =>
    first(id) === index
      ? []
      : [
          {
            path: [...path, 'sources', index, 'id'],
            message: `is the same as that of sources[${first(id)}]: give each source an id of its own`,
          },
        ],
  );
}

/** `isForMail`: for `POST /v1/mail` only. */
type PlacedKey = {
  readonly source: string | null;
  readonly key: string;
  readonly isForMail: boolean;
  readonly path: readonly PropertyKey[];
};

/** Returns the ingest keys, with their path below the account. */
function keysOf({ ingestKeys, sources }: Pick<AccountFile, 'ingestKeys' | 'sources'>): readonly PlacedKey[] {
  const ofSources = sources.flatMap((source, index) =>
    source.kind === 'http'
      ? []
      : source.keys.map((key, nth): PlacedKey => ({
          source: source.id,
          key,
          isForMail: source.kind === 'mail',
          path: ['sources', index, 'keys', nth],
        })),
  );
  return [...ingestKeys.map((key, nth): PlacedKey => ({ source: null, key, isForMail: false, path: ['ingestKeys', nth] })), ...ofSources];
}

/** Finds keys that are used twice: they would not show whose readings arrive. */
function sharedKeys(accounts: readonly (readonly [string, AccountFile])[], named: boolean): readonly FileProblem[] {
  const seen = new Set<string>();
  return accounts.flatMap(([id, account]) =>
    keysOf(account).flatMap(({ key, path }): readonly FileProblem[] => {
      const repeated = seen.has(key);
      seen.add(key);
      return repeated
        ? [
            {
              path: [...(named ? ['accounts', id] : []), ...path],
              message: 'is already used elsewhere in this file: give each account and source a key of its own',
            },
          ]
        : [];
    }),
  );
}

/** Finds workspaces of two accounts: they would show the credits of one account to the people of the other. */
function sharedWorkspaces(accounts: readonly (readonly [string, AccountFile])[], platforms: readonly Platform[]): readonly FileProblem[] {
  return platforms.flatMap(({ id: platform, workspacesKey: key }) => {
    const owners = new Map<string, string>();
    if (key === null) return [];
    return accounts.flatMap(([id, { workspaces }]) =>
      (workspaces[platform] ?? []).flatMap((workspace, index): readonly FileProblem[] => {
        const owner = owners.get(workspace);
        owners.set(workspace, owner ?? id);
        return owner === undefined || owner === id
          ? []
          : [{ path: ['accounts', id, key, index], message: `already belongs to the account ${owner}` }];
      }),
    );
  });
}
