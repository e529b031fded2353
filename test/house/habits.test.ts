import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every line of our own code that matches, as `file: line`. */
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

test('the environment is read in one place, and handed on to PostgreSQL in another', () => {
  const files = linesWith(/process\.env|= process;|from '(?:node:)?process'/).map((line) => line.split(':')[0]);
  expect(files).toEqual(['main.ts', 'postgres/embedded/run.ts']);
});

test('the core asks neither the clock nor chance', () => {
  expect(linesWith(/Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|setTimeout|setInterval/, 'core/')).toEqual([]);
});

test('nobody has a default export, and nothing is only for tests', () => {
  expect(linesWith(/^export default|NODE_ENV|VITEST/)).toEqual([]);
});
