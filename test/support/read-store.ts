import type { ReadStore, StoredMeter } from '../../src/ports/store.ts';

/** The read side over meters that are given, for commands that are asked about nothing else. */
export function readStoreOf(meters: readonly StoredMeter[], timeZone = 'Europe/Berlin'): ReadStore {
  return {
    timeZone: async () => timeZone,
    meters: async (account) => meters.filter((one) => one.meter.account === account),
    readings: async () => [],
    readingBefore: async () => null,
    rules: async () => [],
    destinations: async () => [],
    accounts: async () => [...new Set(meters.map((one) => one.meter.account))],
    lastTold: async () => null,
    ping: async () => {},
  };
}
