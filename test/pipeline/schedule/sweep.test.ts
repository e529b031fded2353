import { expect, test } from 'vitest';
import { createSweep, type DueWork } from '../../../src/pipeline/schedule/sweep.ts';
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
      mails: { forget: async () => undefined },
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
      mails: { forget: async () => undefined },
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

/** A sweep with nothing but deliveries, and a clock that moves by what it sleeps. */
function sweepOf(work: Omit<DueWork, 'kind'>, onSleep: (sleeps: readonly number[], stop: () => void) => void) {
  const stopping = new AbortController();
  const sleeps: number[] = [];
  const time = { now: Date.parse('2026-11-30T09:00:00Z') };
  const sweep = createSweep({
    store: {
      mendInstants: async () => undefined,
      nextTimerAt: async () => null,
      forgetEvents: async () => undefined,
      audit: { forget: async () => undefined },
      mails: { forget: async () => undefined },
    },
    runDueTimers: async () => undefined,
    works: [{ kind: 'drain', ...work }],
    clock: {
      now: () => new Date(time.now),
      async sleep(ms, ...signals) {
        if (signals.some(({ aborted }) => aborted)) return;
        time.now += ms;
        sleeps.push(ms);
        onSleep(sleeps, () => stopping.abort());
      },
    },
    log: recordedLog(),
    metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
    signal: stopping.signal,
  });
  return { sweep, sleeps, time };
}

test('what a dead process left is done here at once: the queue passes no wake on before it has noticed the death', async () => {
  const [ran, woken]: [string[], string[]] = [[], []];
  const { sweep } = sweepOf(
    {
      waiting: async () => [
        { id: 'abandoned', readyAt: new Date('2026-11-30T09:00:00Z'), isAbandoned: true },
        { id: 'due', readyAt: new Date('2026-11-30T09:00:00Z'), isAbandoned: false },
        { id: 'held', readyAt: new Date('2026-11-30T09:00:03Z'), isAbandoned: false },
      ],
      wake: (id) => void woken.push(id),
      run: async (id) => void ran.push(id),
    },
    (_sleeps, stop) => stop(),
  );
  await sweep.run();
  expect([ran, woken]).toEqual([['abandoned'], ['due']]);
});

test('sweeps that follow shortly upon each other wake due work once, and again after the usual interval or when it is due anew', async () => {
  const woken: (readonly [string, number])[] = [];
  const start = Date.parse('2026-11-30T09:00:00Z');
  // One more becomes due every 10 ms, so each sweep would follow at once.
  const { sweep, time, sleeps } = sweepOf(
    {
      waiting: async () => [
        { id: 'lost', readyAt: new Date(start) },
        { id: 'anew', readyAt: new Date(time.now < start + 1_000 ? start : start + 1_000) },
        { id: 'later', readyAt: new Date(time.now + 10) },
      ],
      wake: (id) => void woken.push([id, time.now - start]),
      run: async () => undefined,
    },
    (_sleeps, stop) => {
      if (time.now >= start + 4_000) stop();
    },
  );
  await sweep.run();
  expect(woken.filter(([id]) => id === 'lost').map(([, at]) => at >= 3_000)).toEqual([false, true]);
  expect(woken.filter(([id]) => id === 'anew').map(([, at]) => at >= 1_000)).toEqual([false, true]);
  expect(Math.min(...sleeps.filter((ms) => ms < 3_000))).toBeGreaterThanOrEqual(100);
});

test('a sweep that is nudged all the time still leaves room between two of them', async () => {
  let sweeps = 0;
  const { sweep, time } = sweepOf(
    {
      waiting: async () => {
        sweeps += 1;
        sweep.nudge();
        return [];
      },
      wake: () => undefined,
      run: async () => undefined,
    },
    (_sleeps, stop) => {
      if (sweeps === 10) stop();
    },
  );
  const start = time.now;
  await sweep.run();
  expect(time.now - start).toBeGreaterThanOrEqual(10 * 200);
});

test('what is kept for a time is forgotten at the first sweep and then once an hour', async () => {
  const stopping = new AbortController();
  const forgotten: string[] = [];
  const forget = (what: string) => async (before: Date) => void forgotten.push(`${what} ${before.toISOString()}`);
  let now = new Date('2026-11-30T09:00:00Z');
  const sweep = createSweep({
    store: {
      mendInstants: async () => undefined,
      nextTimerAt: async () => {
        now = new Date(now.getTime() + 30 * 60_000);
        if (now > new Date('2026-11-30T10:30:00Z')) stopping.abort();
        return null;
      },
      forgetEvents: forget('events'),
      audit: { forget: forget('audit') },
      mails: { forget: forget('mails') },
    },
    runDueTimers: async () => undefined,
    works: [],
    clock: { now: () => now, sleep: async () => undefined },
    log: recordedLog(),
    metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
    signal: stopping.signal,
  });
  await sweep.run();
  expect(forgotten).toEqual([
    'events 2026-10-31T09:00:00.000Z',
    'mails 2026-10-21T09:00:00.000Z',
    'audit 2025-11-29T09:00:00.000Z',
    'events 2026-10-31T10:00:00.000Z',
    'mails 2026-10-21T10:00:00.000Z',
    'audit 2025-11-29T10:00:00.000Z',
  ]);
});
