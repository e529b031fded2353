import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { fileSchema } from '../../src/config/file-schema.ts';
import { platforms } from '../../src/app/platforms.ts';
import { loadConfig } from '../../src/app/load-config.ts';
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

/** All keys of a file: `sources[].meters.<name>.label`. */
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

test('docs/configuration.md lists each key of creditwatch.yml once, and no others', () => {
  const file = keysOf(toJson(fileSchema(platforms)), '');
  const ofKinds = Object.values(ruleKinds).flatMap(({ written }) => keysOf(toJson(written), 'rules[]'));
  const top = new Set([...file, ...ofKinds]);
  // An account has the same keys; only its own are listed.
  const keys = [...top].filter((key) => !(key.startsWith('accounts.<name>.') && top.has(key.slice('accounts.<name>.'.length))));
  expect(keys.length).toBeGreaterThan(40);
  expect([...tableUnder('creditwatch.yml')].sort()).toEqual(keys.sort());
});

/** The variables that are read while a configuration is loaded. */
function variablesRead(env: Readonly<Record<string, string>>): readonly string[] {
  const cwd = mkdtempSync(join(tmpdir(), 'creditwatch-documented-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const asked = new Set<string>();
  const meterState = new Proxy(env, {
    get(target, name) {
      asked.add(String(name));
      return target[String(name)];
    },
  });
  loadConfig({ env: meterState, cwd });
  return [...asked];
}

test('SECURITY.md lists each scope of the manifest once, and says which are optional', () => {
  const rows = [...read('SECURITY.md').matchAll(/^\| (`[a-z:.]+`(?:, `[a-z:.]+`)*)(, optional)? \|/gm)];
  const listed = (optional: boolean) =>
    rows
      .filter((row) => (row[2] !== undefined) === optional)
      .flatMap((row) => [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  expect(listed(false)).toEqual([...requiredScopes]);
  expect(listed(true)).toEqual([...optionalScopes]);
});

test('docs/configuration.md lists each variable that the configuration reads once, and no others', () => {
  const documented = tableUnder('Environment');
  // Once with no variable set and once with all of them, because some are only read if another is set.
  const asked = new Set([...variablesRead({}), ...variablesRead(Object.fromEntries(documented.map((name) => [name, 'x'])))]);
  expect([...documented].sort()).toEqual([...asked].sort());
});

test('docs/commands.md lists each command of the command line', () => {
  const commands = [...read('src/cli/program.ts').matchAll(/describe\('([\w-]+)'/g)].map((match) => match[1] ?? '');
  expect(commands).toContain('doctor');
  const reference = read('docs/commands.md');
  expect(commands.filter((command) => !new RegExp(`npx creditwatch ${command}\\b`).test(reference))).toEqual([]);
});

/** The Markdown files at the top, in docs/ and in docs/decisions/. */
const documents = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

/** The anchors of a document's headings on GitHub: https://docs.github.com/get-started/writing-on-github, "Section links". */
function anchorsOf(file: string): readonly string[] {
  const prose = read(file).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test.each(documents)('%s links to existing files and headings', (file) => {
  const links = [...read(file).matchAll(/(?:\]\(|src=")(?!https?:|mailto:)([^)"#]*)(?:#([^)"]+))?/g)];
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? file : join(file, '..', path);
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

test('the list of checked documents is complete', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/configuration.md', 'docs/decisions/README.md']));
});

/** The words in the first column of SECURITY.md's table for each table of the database. */
const storedAs: Readonly<Record<string, string>> = {
  audit: 'audit log',
  account: 'settings of `creditwatch.yml`',
  secret: 'the ingest key',
  capture_key: 'capture keys',
  source: 'settings of `creditwatch.yml`',
  received_event: 'IDs of pushed events',
  mail: 'mails that were read',
  meter: 'readings',
  meter_name: 'readings',
  reading: 'readings',
  rule: 'settings of `creditwatch.yml`',
  rule_memory: 'decisions',
  alert: 'decisions',
  firing: 'decisions',
  destination: 'destinations',
  route: 'settings of `creditwatch.yml`',
  notification: 'decisions',
  timer: 'destinations',
  poll: 'destinations',
  digest_run: 'destinations',
  delivery: 'decisions',
  attempt: 'decisions',
  teams_conversation: 'Teams conversations',
  teams_person: 'Teams conversations',
  teams_pace: 'destinations',
  slack_installation: 'the OAuth installation',
  slack_install_state: 'the OAuth installation',
  slack_identity: 'the workspace of the Slack bot token',
  slack_request: 'hashes of Slack request IDs',
  refused_request: 'commands that were refused in chat',
};

test('SECURITY.md states for each table of the database what it holds and for how long', () => {
  const tables = [...read('prisma/schema.prisma').matchAll(/^ {2}@@map\("(\w+)"\)$/gm)].map(([, name]) => name ?? '');
  expect(tables.length).toBeGreaterThan(20);
  expect(Object.keys(storedAs).sort()).toEqual(tables.sort());
  const section = read('SECURITY.md').split('## What is stored, where, and how long')[1]?.split(/^## /m)[0] ?? '';
  const rows = [...section.matchAll(/^\| (?<what>.+?) \| (?<howLong>.+?) \|$/gm)].map(([, what]) => what ?? '');
  for (const words of Object.values(storedAs)) expect(rows.filter((what) => what.startsWith(words))).toHaveLength(1);
});
