import type { MeterNow } from '../../src/core/status/meter-status.ts';
import type { ReadStore, StoredMeter } from '../../src/ports/stores/read-store.ts';

/** What a test says of a meter; the rest is as of one that nothing is known of. */
export type KnownMeter = Pick<StoredMeter, 'meter' | 'reading'> & Partial<MeterNow>;

/** The read side over meters that are given, for commands that are asked about nothing else. */
export function readStoreOf(meters: readonly KnownMeter[], timeZone = 'Europe/Berlin'): ReadStore {
  return {
    timeZone: async () => timeZone,
    admins: async () => [],
    machineOf: async () => null,
    mayLook: async () => true,
    meters: async (account) => meters.filter((one) => one.meter.account === account).map(meterNow),
    readings: async () => [],
    readingsBefore: async () => [],
    routes: async () => [],
    rules: async () => [],
    pastAlerts: async () => [],
    undelivered: async () => [],
    pastAlert: async () => null,
    polls: async () => [],
    destinations: async () => [],
    accounts: async () => [...new Set(meters.map((one) => one.meter.account))],
    lastNotified: async () => null,
    ping: async () => {},
  };
}

/** A meter with a reading and nothing else known of it. */
export function meterNow(one: KnownMeter): MeterNow {
  return {
    source: { id: one.meter.source, kind: 'push', everyMs: null, period: null, contacts: {} },
    held: null,
    pasted: null,
    history: null,
    alerts: [],
    snoozed: null,
    ...one,
  };
}
