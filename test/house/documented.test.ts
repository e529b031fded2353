import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { fileSchema } from '../../src/config/file-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ruleKinds } from '../../src/core/rules/registry.ts';
import { optionalScopes, requiredScopes } from '../../src/slack/api/scopes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const configuration = read('docs/configuration.md');

/** The first column of the tables under a heading. */
function tableUnder(heading: string): readonly string[] {
  const section = configuration.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

type JsonSchema = z.core.JSONSchema._JSONSchema;

/** Every key that a file may have: `sources[].meters.<name>.label`. */
function keysOf(schema: JsonSchema, path: string): readonly string[] {
  if (typeof schema === 'boolean') return [];
  const named = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [below(path, key), ...keysOf(inner, below(path, key))]);
  const names = typeof schema.propertyNames === 'object' ? schema.propertyNames.enum : undefined;
  const group = schema.additionalProperties ?? false;
  const free = names ? names.map((name) => below(path, String(name))) : keysOf(group, `${path}.<name>`);
  const listed = [schema.items ?? []].flat().flatMap((inner) => keysOf(inner, `${path}[]`));
  const either = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((inner) => keysOf(inner, path));
  return [...named, ...free, ...listed, ...either];
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const toJson = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

test('docs/configuration.md lists every key of creditwatch.yml, once, and none that there is not', () => {
  const file = keysOf(toJson(fileSchema), '');
  const ofKinds = Object.values(ruleKinds).flatMap(({ written }) => keysOf(toJson(written), 'rules[]'));
  const top = new Set([...file, ...ofKinds]);
  // Under an account stand the same keys; only its own are listed.
  const keys = [...top].filter((key) => !(key.startsWith('accounts.<name>.') && top.has(key.slice('accounts.<name>.'.length))));
  expect(keys.length).toBeGreaterThan(40);
  expect([...tableUnder('creditwatch.yml')].sort()).toEqual(keys.sort());
});

/** The variables that are asked for while a configuration is read. */
function variablesRead(env: Readonly<Record<string, string>>): readonly string[] {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-documented-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const asked = new Set<string>();
  const watched = new Proxy(env, {
    get(target, name) {
      asked.add(String(name));
      return target[String(name)];
    },
  });
  loadConfig({ env: watched, cwd });
  return [...asked];
}

test('SECURITY.md lists every scope that the manifest asks for, once, and says which are optional', () => {
  const rows = [...read('SECURITY.md').matchAll(/^\| (`[a-z:.]+`(?:, `[a-z:.]+`)*)(, optional)? \|/gm)];
  const listed = (optional: boolean) =>
    rows
      .filter((row) => (row[2] !== undefined) === optional)
      .flatMap((row) => [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  expect(listed(false)).toEqual([...requiredScopes]);
  expect(listed(true)).toEqual([...optionalScopes]);
});

test('docs/configuration.md lists every variable that the configuration reads, once, and none that it does not', () => {
  const documented = tableUnder('Environment');
  // Asked for with nothing set, and with all of it set, for some are only looked at beside others.
  const asked = new Set([...variablesRead({}), ...variablesRead(Object.fromEntries(documented.map((name) => [name, 'x'])))]);
  expect([...documented].sort()).toEqual([...asked].sort());
});

test('the README shows every command of the command line', () => {
  const commands = [...read('src/cli/program.ts').matchAll(/describe\('([\w-]+)'/g)].map((match) => match[1] ?? '');
  expect(commands).toContain('doctor');
  const readme = read('README.md');
  expect(commands.filter((command) => !new RegExp(`(npx creditwatch|npm|npm run|dist/main.js) ${command}\\b`).test(readme))).toEqual([]);
});

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/backup.md',
  'docs/configuration.md',
  'docs/how-it-works.md',
  'docs/teams.md',
])('%s links to files that are there', (file) => {
  const links = [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map((match) => match[1] ?? '');
  const folder = join(ROOT, file, '..');
  for (const link of links) expect(() => readFileSync(join(folder, link)), link).not.toThrow(/ENOENT/);
});

/** By what words the first column of SECURITY.md's table names what a table of the database holds. */
const storedAs: Readonly<Record<string, string>> = {
  audit: 'the record of who did what',
  account: 'what `creditwatch.yml` says',
  secret: 'the ingest key',
  source: 'what `creditwatch.yml` says',
  received_event: 'ids of pushed events',
  meter: 'readings',
  reading: 'readings',
  rule: 'what `creditwatch.yml` says',
  rule_memory: 'what was decided',
  alert: 'what was decided',
  firing: 'what was decided',
  destination: 'addresses to which something is posted',
  route: 'what `creditwatch.yml` says',
  notification: 'what was decided',
  timer: 'addresses to which something is posted',
  poll: 'addresses to which something is posted',
  digest_run: 'addresses to which something is posted',
  delivery: 'what was decided',
  attempt: 'what was decided',
  teams_conversation: 'Teams: the conversations',
  teams_person: 'Teams: the conversations',
  teams_pace: 'addresses to which something is posted',
  slack_installation: 'where the app was installed by OAuth',
  slack_install_state: 'where the app was installed by OAuth',
  slack_identity: 'whose the Slack bot token is',
  slack_request: 'digests of the ids of what Slack handed over',
  refused_request: 'a command that was refused in chat',
};

test('SECURITY.md says of every table of the database what it holds and how long', () => {
  const tables = [...read('prisma/schema.prisma').matchAll(/^ {2}@@map\("(\w+)"\)$/gm)].map(([, name]) => name ?? '');
  expect(tables.length).toBeGreaterThan(20);
  expect(Object.keys(storedAs).sort()).toEqual(tables.sort());
  const section = read('SECURITY.md').split('## What is stored, where, and how long')[1]?.split(/^## /m)[0] ?? '';
  const rows = [...section.matchAll(/^\| (?<what>.+?) \| (?<howLong>.+?) \|$/gm)].map(([, what]) => what ?? '');
  for (const words of Object.values(storedAs)) expect(rows.filter((what) => what.startsWith(words))).toHaveLength(1);
});
