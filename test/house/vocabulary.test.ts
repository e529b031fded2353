import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8');

/** `setQuietHours`, `quiet_hours` and `quiet-hours.ts` as `quiet hours`, with the word before it. */
function spaced(name: string): string {
  return ` ${name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z]+/g, ' ')
    .trim()
    .toLowerCase()} `;
}

/** Established terms that contain a retired word. */
const FIXED = [/ quiet hours /g, / turn off /g, / role vocabulary /g, / function words /g, / off set /g];

/** The last column of the words table. */
const RETIRED = read('docs/how-it-works.md')
  .split('## The words')[1]
  ?.split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .flatMap((line) => (line.split('|')[3] ?? '').split(','))
  .map((word) => word.trim())
  .filter((word) => word !== '');

function retiredIn(name: string): readonly string[] {
  const text = FIXED.reduce((rest, term) => rest.replace(term, ' '), spaced(name));
  return (RETIRED ?? []).filter((word) => text.includes(` ${word} `));
}

const FILES = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.startsWith('postgres/generated/'));

/** All names that other files or operators see, with their location. */
function names(): readonly { readonly at: string; readonly name: string }[] {
  const exports = FILES.flatMap((file) =>
    [...read(`src/${file}`).matchAll(/^export (?:async )?(?:function\*?|const|type|class) (\w+)/gm)].map(([, name = '']) => ({
      at: `src/${file}`,
      name,
    })),
  );
  const members = FILES.filter((file) => file.startsWith('ports/')).flatMap((file) =>
    [...read(`src/${file}`).matchAll(/^ {2,6}(?:readonly )?(\w+)\??[:(<]/gm)].map(([, name = '']) => ({ at: `src/${file}`, name })),
  );
  const columns = [...read('prisma/schema.prisma').matchAll(/^ {2}(\w+) +\w+/gm)].map(([, name = '']) => ({
    at: 'prisma/schema.prisma',
    name,
  }));
  const files = FILES.flatMap((file) => file.replace(/\.ts$/, '').split('/')).map((name) => ({ at: 'src', name }));
  return [...exports, ...members, ...columns, ...files];
}

test('no retired word of the words table is the name of a file, an export, a column or a member of a port', () => {
  const all = names();
  expect(RETIRED?.length).toBeGreaterThan(20);
  expect(all.length).toBeGreaterThan(1_500);
  expect(all.flatMap(({ at, name }) => retiredIn(name).map((word) => `${at}: ${name} (${word})`))).toEqual([]);
});

test.each([
  ['createRoom', ['room']],
  ['off_told', ['off']],
  ['slack-room', ['room']],
  ['meterInHand', ['in hand']],
  ['alertWords', ['words']],
  ['quietHours', []],
  ['classroom', []],
])('in the name %s it finds %j', (name, found) => {
  expect(retiredIn(name)).toEqual(found);
});

/** A file is named after one of its exports, unless several belong together under a name of their own. */
test('no two files of one folder have the same export', () => {
  const seen = new Map<string, string>();
  const twice: string[] = [];
  for (const { at, name } of names().filter(({ at: file }) => file.endsWith('.ts') && !file.startsWith('src/ports'))) {
    const key = `${at.split('/').slice(0, -1).join('/')} ${name}`;
    if (seen.has(key) && seen.get(key) !== at) twice.push(key);
    seen.set(key, at);
  }
  expect(twice).toEqual([]);
});
