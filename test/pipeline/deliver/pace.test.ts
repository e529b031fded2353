import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { limitConcurrency } from '../../../src/async/concurrency-limit.ts';
import type { SendOutcome } from '../../../src/core/notifications/delivery.ts';
import { createDrain } from '../../../src/pipeline/deliver/drain.ts';
import { createLeases } from '../../../src/pipeline/deliver/leases.ts';
import { SLACK } from '../../../src/slack/traits.ts';
import type { DeliveryStore } from '../../../src/ports/stores/delivery-store.ts';
import { SYSTEM } from '../../../src/core/audit/audit.ts';
import { createDatabase, openTestStore } from '../../support/database.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

/** What a statement and a post take by the clock of the test. */
const STATEMENT_MS = 20;
const POST_MS = 5;
const START = new Date('2026-11-30T09:00:00Z');

/**
 * A drain with a clock that moves by what is done, at most `atOnce` at a time, and test messages that wait: they are not combined. No sleep
 * ends before `sleepUntilWritten` messages were written.
 */
async function drainOf(
  waiting: Readonly<Record<string, number>>,
  options: { readonly atOnce: number; readonly answer?: SendOutcome; readonly sleepUntilWritten?: number },
) {
  const database = await createDatabase();
  const store = openTestStore(database.url, Buffer.alloc(32, 1));
  onTestFinished(() => store.close());
  const fallback = Object.keys(waiting).map((address) => ({ kind: 'slack' as const, address }));
  await store.declare({ id: 'default', timeZone: 'UTC', sources: [], rules: [], routes: [], fallback, admins: [], viewers: null }, START);
  const destinations = await store.destinations();
  for (const [address, messages] of Object.entries(waiting))
    for (let nth = 0; nth < messages; nth += 1) {
      const id = destinations.find((one) => one.address === address)?.id ?? '';
      await store.addTest(id, address, { notification: randomUUID(), delivery: randomUUID() }, { actor: SYSTEM, now: START });
    }
  let now = START.getTime();
  const taking = <T>(answer: Promise<T>): Promise<T> => {
    now += STATEMENT_MS;
    return answer;
  };
  const slow: DeliveryStore = {
    ...store,
    claim: (...asked) => taking(store.claim(...asked)),
    pending: (...asked) => taking(store.pending(...asked)),
    startAttempts: (...asked) => taking(store.startAttempts(...asked)),
    finishAttempts: (...asked) => taking(store.finishAttempts(...asked)),
  };
  let wakeAll = (): void => undefined;
  const written = new Promise<void>((resolve) => (wakeAll = resolve));
  if ((options.sleepUntilWritten ?? 0) === 0) wakeAll();
  /** Timers fire early by a millisecond, as those of Node may. */
  const clock = {
    now: () => new Date(now),
    async sleep(ms: number) {
      const wakeAt = now + Math.max(1, ms - 1);
      await written;
      now = Math.max(now, wakeAt);
    },
  };
  const writes: { readonly address: string; readonly at: number }[] = [];
  const signal = new AbortController().signal;
  const { run, settled } = limitConcurrency(
    options.atOnce,
    createDrain({
      store: slow,
      messengers: [
        {
          kind: 'slack',
          paceMs: SLACK.paceMs,
          can: SLACK.can,
          async send({ address, mayWrite }) {
            expect(mayWrite?.()).toBe(true);
            writes.push({ address, at: now - START.getTime() });
            if (writes.length === options.sleepUntilWritten) wakeAll();
            now += POST_MS;
            return options.answer ?? { outcome: 'sent', messageRef: `${address}:1` };
          },
          find: async () => ({ found: 'unavailable', reason: 'it cannot be looked up' }),
        },
      ],
      clock,
      log: recordedLog(),
      metrics: { ingested: () => undefined, attempted: () => undefined, sweepLag: () => undefined, polled: () => undefined },
      owner: 'test',
      random: () => 0,
      leases: createLeases({ store, clock, log: recordedLog(), monotonicMs: () => now, signal }),
      onLeftWaiting: () => undefined,
      signal,
    }),
  );
  return {
    writes,
    drainAll: async () => {
      const ids = destinations.filter(({ kind }) => kind === 'slack').map(({ id }) => id);
      await Promise.all(ids.map(run));
      await settled();
    },
  };
}

test('a channel with a backlog is written to as soon as it may be: no statement lies between that moment and the next message', async () => {
  const { writes, drainAll } = await drainOf({ C0ONE: 5 }, { atOnce: 1 });
  await drainAll();
  const gaps = writes.slice(1).map(({ at }, index) => at - (writes[index]?.at ?? 0));
  expect(gaps).toEqual(Array(4).fill(POST_MS + SLACK.paceMs + 1));
});

test('a channel that waits for its pace or for a retry keeps no other channel waiting, even if only one may be worked on', async () => {
  const { writes, drainAll } = await drainOf(
    { C0ONE: 1, C0TWO: 1, C0THREE: 1 },
    {
      atOnce: 1,
      answer: { outcome: 'retry', reason: 'HTTP 503' },
      sleepUntilWritten: 3,
    },
  );
  await drainAll();
  const order = writes.map(({ address }) => address);
  expect(order.slice(0, 3).toSorted()).toEqual(['C0ONE', 'C0THREE', 'C0TWO']);
  expect(order.slice(3).toSorted()).toEqual(['C0ONE', 'C0THREE', 'C0TWO']);
});
