import { expect, test } from 'vitest';
import { readAhead } from '../../src/async/read-ahead.ts';

/** Yields numbers, and notes what it does. */
async function* numbers(upTo: number, said: string[], failsAfter = Infinity): AsyncGenerator<number> {
  try {
    for (let number = 1; number <= upTo; number += 1) {
      said.push(`read ${String(number)}`);
      if (number > failsAfter) throw new Error('no more');
      yield number;
    }
  } finally {
    said.push('closed');
  }
}

test('the next value is read while the caller works on the one before, and no further', async () => {
  const said: string[] = [];
  for await (const number of readAhead(numbers(3, said))) {
    said.push(`took ${String(number)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(said).toEqual(['read 1', 'read 2', 'took 1', 'read 3', 'took 2', 'closed', 'took 3']);
});

test('a failure is thrown after the values before it', async () => {
  const said: string[] = [];
  const taken: number[] = [];
  const run = async () => {
    for await (const number of readAhead(numbers(5, said, 2))) taken.push(number);
  };
  await expect(run()).rejects.toThrow('no more');
  expect(taken).toEqual([1, 2]);
});

test('a caller that stops early closes the source, whose failure no longer matters', async () => {
  const said: string[] = [];
  for await (const number of readAhead(numbers(5, said, 1))) if (number === 1) break;
  expect(said).toEqual(['read 1', 'read 2', 'closed']);
});
