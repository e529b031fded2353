import { expect, test } from 'vitest';
import { createLeases } from '../../../src/pipeline/deliver/leases.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import type { DeliveryStore, Lease } from '../../../src/ports/stores/delivery-store.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';

const leaseOf = (destinationId: string): Lease => ({ destinationId, kind: 'slack', address: destinationId, fence: 1n });
const [ONE, TWO] = [leaseOf('one'), leaseOf('two')];

/** Leases by two clocks that the test moves. Each sleep of a second is a tick, and `onTick` happens in it. */
function leasesBy(renew: DeliveryStore['renew'], onTick: (tick: number, stop: () => void) => void = () => undefined) {
  const stopping = new AbortController();
  const time = { monotonicMs: 0, at: Date.parse('2026-11-30T09:00:00Z') };
  const pass = (ms: number): void => {
    time.monotonicMs += ms;
    time.at += ms;
  };
  let ticks = 0;
  const leases = createLeases({
    store: { renew },
    clock: {
      now: () => new Date(time.at),
      async sleep(ms) {
        pass(ms);
        onTick((ticks += 1), () => stopping.abort());
      },
    },
    log: recordedLog(),
    monotonicMs: () => time.monotonicMs,
    signal: stopping.signal,
  });
  /** As a claim does. */
  const hold = async (lease: Lease) => leases.hold(lease, (await leases.confirming(async () => true)).since);
  return { leases, hold, time, pass };
}

test.each([
  ['both clocks', { monotonicMs: 2_000, at: 2_000 }],
  ['the one that stands still while the machine sleeps is behind', { monotonicMs: 0, at: 2_000 }],
  ['the one that can be set is set back', { monotonicMs: 2_000, at: -3_600_000 }],
])('a message is written within two seconds after its lease was confirmed, or not at all: %s', async (_case, passed) => {
  const { leases, hold, time } = leasesBy(async () => []);
  await hold(ONE);
  expect([leases.isCurrent(ONE), leases.isCurrent(TWO)]).toEqual([true, false]);
  const began = { ...time };
  Object.assign(time, { monotonicMs: began.monotonicMs + Math.min(passed.monotonicMs, 1_999), at: began.at + Math.min(passed.at, 1_999) });
  expect(leases.isCurrent(ONE)).toBe(true);
  Object.assign(time, { monotonicMs: began.monotonicMs + passed.monotonicMs, at: began.at + passed.at });
  expect(leases.isCurrent(ONE)).toBe(false);
  leases.letGo(ONE);
  expect(leases.isCurrent(ONE)).toBe(false);
});

test('the time that the database takes counts: a lease holds from before the statement that confirms it', async () => {
  const { leases, pass } = leasesBy(async () => []);
  const { since } = await leases.confirming(async () => pass(2_000));
  leases.hold(ONE, since);
  expect(leases.isCurrent(ONE)).toBe(false);
});

test('held leases are renewed every second in one statement, those of a service that stops until they are let go', async () => {
  const renewed: string[][] = [];
  const current: boolean[] = [];
  const { leases, hold } = leasesBy(
    async (asked, leaseMs) => {
      expect(leaseMs).toBe(4_000);
      renewed.push(asked.map(({ destinationId }) => destinationId));
      return asked.map(() => true);
    },
    (tick, stop) => {
      current.push(leases.isCurrent(ONE));
      if (tick === 2) stop();
      if (tick === 3) leases.letGo(TWO);
      if (tick === 4) leases.letGo(ONE);
    },
  );
  await hold(ONE);
  await hold(TWO);
  await leases.run();
  expect(renewed).toEqual([['one', 'two'], ['one', 'two'], ['one']]);
  expect(current).toEqual([true, true, true, true]);
});

test('a lease that another process took over is no longer current and not renewed; one that was not renewed in an outage is tried again', async () => {
  const renewed: string[][] = [];
  const current: (readonly boolean[])[] = [];
  const { leases, hold } = leasesBy(
    async (asked) => {
      renewed.push(asked.map(({ destinationId }) => destinationId));
      if (renewed.length === 2) throw new StoreUnavailable(null);
      return asked.map(({ destinationId }) => destinationId === 'two');
    },
    (tick, stop) => {
      current.push([leases.isCurrent(ONE), leases.isCurrent(TWO)]);
      if (tick < 4) return;
      leases.letGo(ONE);
      leases.letGo(TWO);
      stop();
    },
  );
  await hold(ONE);
  await hold(TWO);
  await leases.run();
  expect(renewed).toEqual([['one', 'two'], ['two'], ['two']]);
  expect(current).toEqual([
    [true, true],
    [false, true],
    [false, false],
    [false, true],
  ]);
});
