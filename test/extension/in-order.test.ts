import { expect, test } from 'vitest';
import { inOrder, unattended, untilDone } from '../../extension/src/core/in-order.ts';

test('work is done in order, and one that fails is told to its own caller alone', async () => {
  const inTurn = inOrder();
  const done: string[] = [];
  let release = (): void => {};
  const first = inTurn(async () => {
    await new Promise<void>((resolve) => (release = resolve));
    done.push('first');
  });
  const second = inTurn(async () => Promise.reject(new Error('storage is broken')));
  const third = inTurn(async () => done.push('third'));
  await Promise.resolve();
  release();
  await first;
  await expect(second).rejects.toThrow('storage is broken');
  expect([await third, done]).toEqual([2, ['first', 'third']]);
});

test('a start that fails is tried again at the next call, and one that succeeds is not', async () => {
  let times = 0;
  const ready = untilDone(async () => {
    times += 1;
    if (times === 1) throw new Error('the browser is starting');
  });
  const both = [ready(), ready()];
  await expect(both[0]).rejects.toThrow('starting');
  await expect(both[1]).rejects.toThrow('starting');
  await ready();
  await ready();
  expect(times).toBe(2);
});

test('a failure of work that nothing waits for is reported', async () => {
  const failed = new Error('storage');
  const reported = await new Promise((resolve) => unattended(() => Promise.reject(failed), resolve)());
  expect(reported).toBe(failed);
});
