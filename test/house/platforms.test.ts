import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { platforms } from '../../src/app/platforms.ts';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

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
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'));
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
