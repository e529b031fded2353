import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { platforms } from '../../src/app/platforms.ts';

// Large: it parses the whole source.

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

function sourceFiles(): readonly string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

/** Where the name of a platform may stand: its own folder, its own tables, and the terminal's where the core prints what nobody else gets. */
const ITS_OWN = [
  /^(?:slack|teams|terminal)\//,
  /^postgres\/generated\//,
  /^postgres\/store\/(?:sql\/)?(?:slack|teams)-[\w-]+\.ts$/,
  /^core\/notifications\/route\.ts$/,
];

/** Lines that decide something by the name of a platform, or could: any text that is just its id, in code or in SQL. */
function namesIn(file: string, text: string): readonly string[] {
  if (ITS_OWN.some((pattern) => pattern.test(file))) return [];
  const name = new RegExp(`(['"\`])(?:${platforms.map(({ id }) => id).join('|')})\\1`);
  return text.split('\n').flatMap((line, index) => (name.test(line) ? [`${file}:${String(index + 1)} ${line.trim()}`] : []));
}

test('nothing outside the folder of a platform is decided by its name', () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => namesIn(file, readFileSync(SRC + file, 'utf8')))).toEqual([]);
});

test.each([
  ['a comparison', "if (destination.kind === 'slack') return;"],
  ['a comparison the other way round', 'return "teams" !== platform;'],
  ['a case', "    case 'workflow':"],
  ['a list', "const chats = ['slack', 'teams'];"],
  ['a query', "await queries.$executeRaw`DELETE FROM destination WHERE kind = 'slack'`;"],
  ['what a row is written with', "actor: { platform: 'terminal', id: user },"],
])('%s by the name of a platform is found, outside its folder alone', (_what, line) => {
  for (const file of ['core/rules/rule.ts', 'commands/help.ts', 'app/service.ts', 'config/file.ts', 'postgres/store/read-store.ts'])
    expect(namesIn(file, `const one = 1;\n${line}`)).toEqual([`${file}:2 ${line.trim()}`]);
  for (const file of ['slack/messenger.ts', 'teams/workflow/platform.ts', 'postgres/store/slack-identity-store.ts'])
    expect(namesIn(file, line)).toEqual([]);
});

test('a name within a longer text is none', () => {
  expect(namesIn('cli/start.ts', "const guide = 'To post them in slack'; import { slack } from '../slack/platform.ts';")).toEqual([]);
});

/** Members that hold people in the core, the ports, the actions and the messages. */
const PEOPLE =
  /^(?:user|users|person|people|by|actor|owner|approver|approvers|admins|viewers|mentions|whom|notified|acknowledgedBy|requestedBy|lookedAfter)$/;

/** Where a bare text is right: a platform's own ports, what creditwatch.yml or an operator writes, and leases. */
const BARE = [
  /^ports\/stores\/(?:slack|teams)-[\w-]+\.ts$/,
  /^(?:ports\/inbound\/administration|cli\/(?:audit|upkeep-commands))\.ts#(?:person|by)$/,
  /^(?:ports\/stores\/(?:delivery|poll)-store|pipeline\/(?:deliver\/(?:drain|share-statements)|schedule\/poll))\.ts#owner$/,
  /^core\/(?:check|text\/numbers)\//,
];

/** Members and parameters of types that hold a person as a bare text. */
function barePeopleIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isPropertySignature(node) || ts.isParameter(node) || ts.isMethodSignature(node)) &&
      node.type !== undefined &&
      ts.isIdentifier(node.name) &&
      PEOPLE.test(node.name.text) &&
      /^(?:Promise<)?(?:readonly )?string(?:\[\])?(?: \| (?:null|undefined))*>?$/.test(node.type.getText()) &&
      !BARE.some((pattern) => pattern.test(file) || pattern.test(`${file}#${node.name.getText()}`))
    )
      found.push(`${file}: ${node.name.text}: ${node.type.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('a person is never a bare text in the core, the ports, the actions, the queries, the messages and the command line', () => {
  const files = sourceFiles().filter((file) => /^(?:core|ports|pipeline|queries|messages|commands|chat|cli|local-api)\//.test(file));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => barePeopleIn(file, readFileSync(SRC + file, 'utf8')))).toEqual([]);
});

test.each([
  ['a member', 'type A = { readonly by: string };'],
  ['a member that may be missing', 'type A = { acknowledgedBy: string | null };'],
  ['a list', 'type A = { readonly mentions: readonly string[] };'],
  ['what a port answers', 'type A = { approvers(): Promise<readonly string[]> };'],
  ['a parameter', 'type A = { mayLook(account: string, user: string): Promise<boolean> };'],
])('%s that holds a person as a bare text is found', (_what, text) => {
  expect(barePeopleIn('ports/inbound/actions.ts', text)).toHaveLength(1);
  expect(barePeopleIn('ports/stores/teams-store.ts', text)).toEqual([]);
  expect(
    barePeopleIn(
      'ports/inbound/actions.ts',
      text
        .replace('string |', 'Person |')
        .replace(/(by|user): string/, '$1: Person')
        .replace('string[]', 'Person[]'),
    ),
  ).toEqual([]);
});

test('only a platform, creditwatch.yml and the command line ask whose an id is', () => {
  const asking = sourceFiles().filter((file) => /\b(?:isPerson|findPerson|findTypedPerson)\b/.test(readFileSync(SRC + file, 'utf8')));
  expect(asking.filter((file) => !/^(?:slack|teams|terminal)\//.test(file))).toEqual([
    'app/administration.ts',
    'chat/platform.ts',
    'config/file-schema.ts',
    'config/people.ts',
  ]);
});
