import { setImmediate as otherWork } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBatcher } from '../../src/async/batcher.ts';

class Away extends Error {}

/** Work that ends when the test says so, and what it was given. */
function controlled(options: { atOnce?: number; most?: number; fails?: (items: readonly string[]) => Error | null } = {}) {
  const runs: { readonly items: readonly string[]; end(): void }[] = [];
  const run = (items: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      const error = options.fails?.(items) ?? null;
      runs.push({ items, end: () => (error === null ? resolve(items.map((item) => item.toUpperCase())) : reject(error)) });
    });
  const submit = createBatcher<string, string>({
    atOnce: options.atOnce ?? 1,
    most: options.most ?? 10,
    sizeOf: (item) => item.length,
    groupOf: (item) => item.charAt(0),
    failsAll: (error) => error instanceof Away,
    run,
  });
  const endAll = async (): Promise<void> => {
    await otherWork();
    for (let ended = 0; ended < runs.length; ended += 1) {
      runs[ended]?.end();
      // One turn for the end to be known, one for the next run to begin.
      await otherWork();
      await otherWork();
    }
  };
  return { submit, runs, endAll, given: () => runs.map(({ items }) => items) };
}

test('what arrives at once shares a run, what comes meanwhile the next one, in order, and each gets its own result', async () => {
  const { submit, endAll, given } = controlled();
  const first = submit('a0');
  await otherWork();
  const results = Promise.all(['a1', 'a2', 'a3'].map(submit));
  await otherWork();
  expect(given()).toEqual([['a0']]);
  await endAll();
  expect(await first).toBe('A0');
  expect(await results).toEqual(['A1', 'A2', 'A3']);
  expect(given()).toEqual([['a0'], ['a1', 'a2', 'a3']]);
});

test('groups never share a run, the oldest goes first, and no run is larger than it may be, unless one item is', async () => {
  const { submit, endAll, given } = controlled({ most: 4 });
  const results = Promise.all(['a0', 'b1', 'a1', 'b2', 'b3', 'b-much-too-long'].map(submit));
  await endAll();
  expect(await results).toHaveLength(6);
  expect(given()).toEqual([['a0', 'a1'], ['b1', 'b2'], ['b3'], ['b-much-too-long']]);
});

test('two run at once where two may, the second when it is as large as the first: few that come early wait for others', async () => {
  const { submit, runs, endAll, given } = controlled({ atOnce: 2 });
  const results: Promise<string>[] = [];
  const arrive = async (...items: readonly string[]) => {
    results.push(...items.map(submit));
    await otherWork();
  };
  await arrive('a1', 'a2');
  await arrive('a3');
  expect(given()).toEqual([['a1', 'a2']]);
  await arrive('a4');
  expect(given()).toEqual([
    ['a1', 'a2'],
    ['a3', 'a4'],
  ]);
  await arrive('a5');
  runs[0]?.end();
  await otherWork();
  await otherWork();
  expect(given()).toHaveLength(2);
  runs[1]?.end();
  await otherWork();
  await otherWork();
  expect(given().slice(2)).toEqual([['a5']]);
  await endAll();
  expect(await Promise.all(results)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
});

test('what is of another group does not wait for a large run', async () => {
  const { submit, endAll, given } = controlled({ atOnce: 2 });
  const large = submit('a-large');
  await otherWork();
  const results = Promise.all(['a1', 'b1'].map(submit));
  await otherWork();
  expect(given()).toEqual([['a-large'], ['b1']]);
  await endAll();
  expect(await large).toBe('A-LARGE');
  expect(await results).toEqual(['A1', 'B1']);
  expect(given()).toEqual([['a-large'], ['b1'], ['a1']]);
});

test('a bad item does not sink those it shares a run with', async () => {
  const { submit, endAll } = controlled({ fails: (items) => (items.includes('bad') ? new Error('a fault') : null) });
  const results = Promise.allSettled(['b0', 'b1', 'bad', 'b2'].map(submit));
  await endAll();
  expect((await results).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    'B0',
    'B1',
    'Error: a fault',
    'B2',
  ]);
});

test('a failure that is nobody’s fault is everybody’s, without trying each', async () => {
  const { submit, endAll, given } = controlled({ fails: (items) => (items.length > 1 ? new Away('the database is away') : null) });
  const results = Promise.allSettled(['a0', 'a1', 'a2'].map(submit));
  await endAll();
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(given()).toHaveLength(1);
});
