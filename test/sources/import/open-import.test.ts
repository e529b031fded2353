import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { ImportedPart } from '../../../src/ports/inbound/import.ts';
import { openImport } from '../../../src/sources/import/open-import.ts';
import { parseImport } from '../../../src/sources/import/parse-import.ts';

// Large: files of megabytes.

const HEADER = 'meter,used,total,observedAt\n';
const row = (nth: number, used = String(nth)) => `leads,${used},1000000,${new Date(Date.UTC(2025, 0, 1) + nth * 1000).toISOString()}\n`;

/** A file in pieces. `given` counts the pieces that were read. */
function fileOf(pieces: Iterable<string>) {
  const state = { given: 0 };
  async function* read() {
    for (const piece of pieces) {
      state.given += 1;
      yield piece;
    }
  }
  return { state, file: read() };
}

async function partsOf(pieces: Iterable<string>): Promise<readonly ImportedPart[]> {
  const opened = await openImport(fileOf(pieces).file);
  if (!opened.ok) throw new Error(opened.error.kind);
  return allOf(opened.value.parts);
}

async function allOf<T>(things: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const thing of things) all.push(thing);
  return all;
}

function* rows(count: number, wrong: (nth: number) => string | null = () => null) {
  yield HEADER;
  for (let nth = 1; nth <= count; nth += 1) yield wrong(nth) ?? row(nth);
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** The size of the heap after a full collection. */
function heldBytes(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}

describe('a file of CSV', () => {
  test('is read like a pasted one, wherever it is split', async () => {
    const text = `\uFEFF\n${HEADER}leads,1,10,2026-11-01T00:00:00Z\n"Größe, alle",2,unlimited,2026-11-02T00:00:00Z\n\nleads,1,614,10,2026-11-03T00:00:00Z\n`;
    const whole = parseImport(text);
    if (!whole.ok) throw new Error(whole.error.kind);
    const { readings, places, notes, lost } = whole.value;
    expect([readings.length, lost]).toEqual([2, 1]);
    for (const size of [1, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, nth) => text.slice(nth * size, (nth + 1) * size));
      expect(await partsOf(pieces)).toEqual([{ readings, places, notes, lost, broken: null }]);
    }
  });

  test('is read twenty thousand rows at a time, and not further ahead', async () => {
    const { file, state } = fileOf(rows(100_000));
    const opened = await openImport(file);
    if (!opened.ok) throw new Error(opened.error.kind);
    const parts = opened.value.parts[Symbol.asyncIterator]();
    const first = await parts.next();
    expect([first.value?.readings.length, first.value?.places[0], first.value?.places.at(-1)]).toEqual([
      20_000,
      { line: 2 },
      { line: 20_001 },
    ]);
    expect(state.given).toBeLessThan(30_000);
    await parts.return?.();
  });

  test(
    'of 150,000 rows needs no more memory than a short one, and reports an error in the last row by line',
    { timeout: 60_000 },
    async () => {
      const opened = await openImport(fileOf(rows(150_000, (nth) => (nth === 150_000 ? row(nth, '') : null))).file);
      if (!opened.ok) throw new Error(opened.error.kind);
      let count = 0;
      let most = 0;
      let last: ImportedPart | null = null;
      const before = heldBytes();
      for await (const part of opened.value.parts) {
        count += part.readings.length;
        most = Math.max(most, heldBytes() - before);
        if (part.readings.length > 0) last = part;
      }
      expect([count, last?.places.at(-1)]).toEqual([150_000, { line: 150_001 }]);
      expect(last?.readings.at(-1)).toMatchObject({ used: '' });
      expect(most).toBeLessThan(25 * 1024 * 1024);
    },
  );

  test('that stops being CSV is read up to that line, which is reported; an unclosed quote swallows at most the longest row', async () => {
    const { file, state } = fileOf(rows(200_000, (nth) => (nth === 20_500 ? `"${row(nth)}` : null)));
    const opened = await openImport(file);
    if (!opened.ok) throw new Error(opened.error.kind);
    const parts = await allOf(opened.value.parts);
    expect(parts.map(({ readings, broken }) => [readings.length, broken === null])).toEqual([
      [20_000, true],
      [499, false],
    ]);
    expect(parts.at(-1)?.broken).toEqual({ kind: 'not-csv', line: 20_500, why: expect.stringMatching(/^Max Record Size/) });
    expect(state.given).toBeLessThan(40_000);
  });

  test('with an unknown header is rejected at once, and not read', async () => {
    const { file, state } = fileOf(['meter,used,totl,observedAt\n', ...rows(1000)]);
    expect(await openImport(file)).toMatchObject({ ok: false, error: { kind: 'unknown-columns', names: ['totl'] } });
    expect(state.given).toBe(1);
  });
});

describe('text and JSON', () => {
  test.each([
    ['a usage page', 'Apollo Contacts\n1,614/1,000,000 credits used\n'],
    ['JSON', '{"readings":[{"meter":"x",\n"used":1}]}'],
    ['a list whose first line looks like a table', '["meter,used",\n"x"]'],
    ['nothing', ' \n'],
  ])('%s is read completely, as if pasted', async (_what, text) => {
    const opened = await openImport(fileOf(text.split(/(?<=\n)/)).file);
    const whole = parseImport(text);
    if (!opened.ok || !whole.ok) return expect(opened).toEqual(whole);
    const { source, form, digest, ...part } = whole.value;
    expect(opened.value).toMatchObject({ source, form, digest });
    return expect(await allOf(opened.value.parts)).toMatchObject([{ ...part, broken: null }]);
  });

  test.each([['{"readings":['], ['Apollo Contacts\n']])('starting with %j is read up to 16 MB, and not further', async (beginning) => {
    const { file, state } = fileOf([beginning, ...Array.from({ length: 100 }, () => 'x'.repeat(1024 * 1024))]);
    expect(await openImport(file)).toEqual({
      ok: false,
      error: { kind: 'too-large', mostMb: 16 },
    });
    expect(state.given).toBeLessThan(20);
  });
});
