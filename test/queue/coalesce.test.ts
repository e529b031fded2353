import { expect, test } from 'vitest';
import { coalesce } from '../../src/queue/coalesce.ts';

/** Calls that last until the test ends them. */
function calls() {
  const made: { readonly ids: readonly string[]; readonly end: () => void }[] = [];
  const gathered = coalesce((ids) => new Promise<void>((resolve) => made.push({ ids, end: resolve })));
  return { gathered, ids: () => made.map((call) => call.ids), end: (nth: number) => made[nth]?.end() };
}

test('ids added in one turn share a call, each once; ids added during a call share the next one, also those of the current call', async () => {
  const { gathered, ids, end } = calls();
  for (const id of ['a', 'b', 'a']) gathered.add(id);
  await expect.poll(ids).toEqual([['a', 'b']]);
  for (const id of ['a', 'c', 'c']) gathered.add(id);
  await Promise.resolve();
  expect(ids()).toHaveLength(1);
  end(0);
  await expect.poll(ids).toEqual([
    ['a', 'b'],
    ['a', 'c'],
  ]);
  end(1);
  await gathered.settled();
  gathered.add('a');
  await expect.poll(ids).toEqual([['a', 'b'], ['a', 'c'], ['a']]);
});

test('settled resolves when no call is under way, and not before', async () => {
  const { gathered, ids, end } = calls();
  await gathered.settled();
  gathered.add('a');
  let isSettled = false;
  const settled = gathered.settled().then(() => (isSettled = true));
  await expect.poll(ids).toHaveLength(1);
  expect(isSettled).toBe(false);
  end(0);
  await settled;
});
