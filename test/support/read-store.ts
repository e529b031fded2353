import type { MeterNow } from '../../src/core/status/meter-status.ts';
import { inParts } from '../../src/async/parts.ts';
import type { ReadStore, StoredMeter, WhichMeters } from '../../src/ports/stores/read-store.ts';

/** What a test says of a meter; the rest is as of one that nothing is known of. */
export type KnownMeter = Pick<StoredMeter, 'meter' | 'reading'> & Partial<MeterNow>;

/** The read side over meters that are given, for commands that are asked about nothing else. */
export function readStoreOf(meters: readonly KnownMeter[], timeZone = 'Europe/Berlin'): ReadStore {
  const of = (account: string) => meters.filter((one) => one.meter.account === account).map(meterNow);
  return {
    timeZone: async () => timeZone,
    admins: async () => [],
    machineOf: async () => null,
    lastPasted: async () => null,
    mayLook: async () => true,
    meters: async (account) => of(account),
    metersById: async (account, ids) => {
      const byId = new Map(of(account).map((one) => [one.meter.id, one]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    figures: (account, which) => inParts(of(account).filter(wantedBy(which))),
    metersWithoutReading: async () => [],
    namesOf: async () => [],
    unreadMails: async () => [],
    histories: (account, ids) => inParts(of(account).filter(({ meter }) => ids.includes(meter.id))),
    sources: async (account) => [...new Map(of(account).map(({ source }) => [source.id, source])).values()],
    meterOfAlert: async (account, id) => of(account).find(({ alerts }) => alerts.some((alert) => alert.id === id)) ?? null,
    statedTotals: async () => new Set(),
    readings: async () => [],
    readingsBefore: async () => [],
    routes: async () => [],
    rules: async () => [],
    pastAlerts: async () => [],
    undelivered: async () => [],
    pastAlert: async () => null,
    polls: async () => [],
    destinations: async () => [],
    destinationCounts: async () => [],
    samples: () =>
      inParts(
        meters.map(({ meter, reading }) => ({
          ...meter,
          ...reading,
          remaining: reading.total === null ? null : reading.total - reading.used,
        })),
      ),
    accounts: async () => [...new Set(meters.map((one) => one.meter.account))],
    lastNotified: async () => null,
    ping: async () => {},
  };
}

/** As the database finds meters: at least those that are wanted. */
function wantedBy(which: WhichMeters | undefined): (one: MeterNow) => boolean {
  if (which === undefined) return () => true;
  if ('source' in which) return ({ meter }) => meter.source === which.source;
  const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const typed = new Set(('named' in which ? which.named : which.holding).map(letters));
  const isWanted =
    'named' in which
      ? (name: string) => typed.has(letters(name))
      : (name: string) => [...typed].some((text) => letters(name).includes(text));
  return ({ meter }) => typed.has(letters(meter.source)) || [meter.key, meter.label, ...meter.aliases].some(isWanted);
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
