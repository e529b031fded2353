import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Lists each line of our code that matches, as `file: line`. */
function linesWith(pattern: RegExp, folder = ''): readonly string[] {
  const files = readdirSync(SRC + folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}${file}`.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.startsWith('postgres/generated/'));
  expect(files.length).toBeGreaterThan(10);
  return files.flatMap((file) =>
    readFileSync(SRC + file, 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
}

test('the environment is read in one place, and passed to PostgreSQL in another', () => {
  const files = linesWith(/process\.env|= process;|from '(?:node:)?process'/).map((line) => line.split(':')[0]);
  expect(files).toEqual(['main.ts', 'postgres/embedded/run.ts']);
});

test('the core uses neither the clock nor random values', () => {
  expect(linesWith(/Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|setTimeout|setInterval/, 'core/')).toEqual([]);
});

test('there are no default exports and no branches for tests', () => {
  expect(linesWith(/^export default|NODE_ENV|VITEST/)).toEqual([]);
});

/**
 * Where only words tell errors apart, because what fails gives no code (docs/decisions/0026-store-unavailable.md): pg, the programs of
 * PostgreSQL, undici's fetch, an older kind of Teams webhook.
 */
const WORDS_ALONE = new Set([
  'postgres/failure.ts',
  'postgres/embedded/failure.ts',
  'postgres/embedded/server.ts',
  'postgres/embedded/binaries.ts',
  'sources/http/fetch.ts',
  'teams/workflow/messenger.ts',
]);

test('nothing is decided by the text of an error, but where there is no code', () => {
  // What people write is read by its words, of course: core/text.
  const ofText = [
    /\bmessage\)?\??\.(?:includes|startsWith|endsWith|match|search|indexOf)\(/,
    /\bmessage [!=]==? (?!'string')/,
    /\.(?:test|exec)\((?:[\w.]+\.)?(?:message|said|output|body|stderr)\)/,
    /\b(?:said|output|body|stderr)\.(?:includes|startsWith|endsWith|match|search|indexOf)\(/,
    /rootMessage\(.*\)\.|\.test\(rootMessage\(/,
  ];
  const found = ofText
    .flatMap((pattern) => linesWith(pattern))
    .filter((line) => !WORDS_ALONE.has(line.split(':')[0] ?? '') && !line.startsWith('core/text/'));
  expect(found).toEqual([]);
});
