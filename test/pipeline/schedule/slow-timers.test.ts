import { expect, test } from 'vitest';
import { createTimerRunner } from '../../../src/pipeline/schedule/run-due-timers.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import type { TimerStore } from '../../../src/ports/stores/timer-store.ts';
import { runSql } from '../../support/database.ts';
import { startPipeline } from '../../support/pipeline.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const CHANNELS = ['C0ONE', 'C0SLOW', 'C0TWO'];
const FILE = [
  'sources: [{ id: vendor, kind: push }]',
  'routes:',
  ...CHANNELS.map((channel) => `  - { slack: ${channel}, meters: all, digest: { weekday: monday, at: "09:00" } }`),
].join('\n');

test('timers of a set that takes too long run one by one, and only the one that still does is postponed', async () => {
  const pipeline = await startPipeline(FILE, '2026-11-28T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used: 100, total: 1000 }]);
  const now = new Date('2026-11-30T09:00:00Z');
  const sets: number[] = [];
  const store: TimerStore = {
    postpone: (timer, to, at) => pipeline.store.postpone(timer, to, at),
    nextTimerAt: () => pipeline.store.nextTimerAt(),
    run: (at, most, work) =>
      pipeline.store.run(at, most, async (transaction, timers) => {
        if (timers[0]?.kind === 'digest') sets.push(timers.length);
        const results = await work(transaction, timers);
        if (timers.some(({ kind, subject }) => kind === 'digest' && subject.includes('C0SLOW')))
          throw new StoreUnavailable('slow-statement', { tookTooLong: true });
        return results;
      }),
  };
  const log = recordedLog();
  const ring = createTimerRunner({
    store,
    clock: { now: () => now, sleep: async () => undefined },
    log,
    newId: () => crypto.randomUUID(),
    wake: () => undefined,
    signal: new AbortController().signal,
  });
  await ring();
  expect(sets).toEqual([3, 1, 1, 1]);
  expect(await runSql(pipeline.url, "SELECT count(*)::int AS digests FROM notification WHERE kind = 'digest'")).toEqual([{ digests: 2 }]);
  expect(log.lines.map(({ message }) => message)).toEqual(['timer failed, retrying in a minute']);
});
