import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/app/system-clock.ts';
import { onAbort } from '../../src/async/on-abort.ts';

const LONG_MS = 60_000;
const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('a hundred that wait for one signal add one listener, and all are called when it aborts, once', () => {
  const stopping = new AbortController();
  const called: number[] = [];
  for (let nth = 0; nth < 100; nth += 1) onAbort(stopping.signal, () => called.push(nth));
  expect(listeners(stopping.signal)).toBe(1);
  stopping.abort();
  stopping.abort();
  expect(called).toEqual(Array.from({ length: 100 }, (_, nth) => nth));
});

test('who has stopped waiting is not called, and the last one takes the listener along', () => {
  const stopping = new AbortController();
  const called: string[] = [];
  const act = () => void called.push('twice the same');
  const stops = [onAbort(stopping.signal, act), onAbort(stopping.signal, act), onAbort(stopping.signal, () => void called.push('other'))];
  stops[0]?.();
  stops[0]?.();
  expect(listeners(stopping.signal)).toBe(1);
  stops[2]?.();
  stopping.abort();
  expect(called).toEqual(['twice the same']);

  const quiet = new AbortController();
  onAbort(quiet.signal, act)();
  expect(listeners(quiet.signal)).toBe(0);
  onAbort(quiet.signal, act);
  expect(listeners(quiet.signal)).toBe(1);
});

test('a signal that has aborted calls at once', () => {
  const called: string[] = [];
  const stop = onAbort(AbortSignal.abort(), () => void called.push('called'));
  stop();
  expect(called).toEqual(['called']);
});

test('one that is called may end the waiting of the others, or wait again', () => {
  const stopping = new AbortController();
  const called: string[] = [];
  onAbort(stopping.signal, () => {
    called.push('first');
    endSecond();
    onAbort(stopping.signal, () => void called.push('again'));
  });
  const endSecond = onAbort(stopping.signal, () => void called.push('second'));
  stopping.abort();
  expect(called).toEqual(['first', 'again']);
});

test('sleepers of the system clock wake when any of their signals aborts, and leave no listener behind', async () => {
  const [stopping, nap] = [new AbortController(), new AbortController()];
  const asleep = Array.from({ length: 50 }, () => systemClock.sleep(LONG_MS, stopping.signal, nap.signal));
  expect([listeners(stopping.signal), listeners(nap.signal)]).toEqual([1, 1]);
  nap.abort();
  await Promise.all(asleep);
  expect([listeners(stopping.signal), listeners(nap.signal)]).toEqual([0, 0]);
  await systemClock.sleep(1, stopping.signal);
  expect(listeners(stopping.signal)).toBe(0);
  const last = systemClock.sleep(LONG_MS, stopping.signal);
  stopping.abort();
  await last;
  await systemClock.sleep(LONG_MS, stopping.signal);
});
