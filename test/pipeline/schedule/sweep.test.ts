import { expect, test } from 'vitest';
import { createSweep } from '../../../src/pipeline/schedule/sweep.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

test('deliveries are woken by every sweep while the timers of the first one still run', async () => {
  const stopping = new AbortController();
  let endTimers = (): void => undefined;
  let rings = 0;
  const woken: string[] = [];
  const now = new Date('2026-11-30T09:00:00Z');
  const sweep = createSweep({
    store: {
      mendInstants: async () => undefined,
      nextTimerAt: async () => now,
      forgetEvents: async () => undefined,
      audit: { forget: async () => undefined },
    },
    runDueTimers: () => {
      rings += 1;
      return new Promise((resolve) => {
        endTimers = resolve;
      });
    },
    works: [
      {
        kind: 'drain',
        waiting: async () => [{ id: `delivery ${String(woken.length)}`, readyAt: now }],
        wake(id) {
          woken.push(id);
          if (woken.length === 3) {
            endTimers();
            stopping.abort();
          }
        },
        run: async () => undefined,
      },
    ],
    clock: { now: () => now, sleep: async () => undefined },
    log: recordedLog(),
    metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
    signal: stopping.signal,
  });
  await sweep.run();
  expect([rings, woken]).toEqual([1, ['delivery 0', 'delivery 1', 'delivery 2']]);
});

test('a sweep whose timers fail is not complete, is logged once, and recovers when they do', async () => {
  const stopping = new AbortController();
  const log = recordedLog();
  let rounds = 0;
  const passes: boolean[] = [];
  const now = new Date('2026-11-30T09:00:00Z');
  const sweep = createSweep({
    store: {
      mendInstants: async () => {
        passes.push(sweep.lastPass() !== null);
        if (passes.length === 5) stopping.abort();
      },
      nextTimerAt: async () => null,
      forgetEvents: async () => undefined,
      audit: { forget: async () => undefined },
    },
    runDueTimers: async () => {
      rounds += 1;
      if (rounds <= 2) throw new Error('no');
    },
    works: [],
    clock: { now: () => now, sleep: async () => undefined },
    log,
    metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
    signal: stopping.signal,
  });
  await sweep.run();
  expect(passes).toEqual([false, false, false, true, true]);
  expect(log.lines.map(({ message }) => message)).toEqual(['sweep failed, retrying', 'sweep recovered']);
});
