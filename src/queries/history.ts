import { countConsumption, type ConsumptionRow } from '../core/meters/export.ts';
import { startOfLocalDay } from '../core/time/local-time.ts';
import type { Days } from '../core/time/parse-days.ts';
import type { Meter } from '../core/meters/meter.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/** Readings are read so many at a time: years of a meter that is polled every few seconds are millions. */
const PAGE = 5_000;
/** Readings before the first day: the last one that counts is what the first is counted from, and the very last may not count. */
const BASELINE = 10;

/** From the first moment of some days to the last one that has been. */
export function momentsOf({ first, last }: Days, now: Date, timeZone: string): { readonly since: Date; readonly now: Date } {
  const end = startOfLocalDay(last + 1, timeZone).getTime() - 1;
  return { since: startOfLocalDay(first, timeZone), now: new Date(Math.min(now.getTime(), end)) };
}

type Span = { /** Null: from the beginning. */ readonly since: Date | null; readonly now: Date; readonly timeZone: string };

/** What a meter consumed a day, in parts of bounded size, oldest first. The readings before `since` are what the first is counted from. */
export async function* consumptionSince(
  store: Pick<ReadStore, 'readings' | 'readingsBefore'>,
  meter: Meter,
  { since, now, timeZone }: Span,
): AsyncGenerator<readonly ConsumptionRow[]> {
  const count = countConsumption(meter, { timeZone, since });
  if (since !== null) for (const before of await store.readingsBefore(meter.id, since, BASELINE)) count.add(before);
  const until = new Date(now.getTime() + 1);
  let from: Date | null = since ?? new Date(0);
  while (from !== null) {
    const page: Awaited<ReturnType<ReadStore['readings']>> = await store.readings(meter.id, from, until, PAGE);
    yield page.flatMap((reading) => count.add(reading));
    const last = page.at(-1);
    // No two readings of a meter are of the same moment, and moments are kept to the millisecond.
    from = last && page.length === PAGE ? new Date(last.observedAt.getTime() + 1) : null;
  }
  yield count.end();
}

/** What a meter consumed on some days, and by how much in all. */
export type HistoryAnswer = { readonly meter: Meter; readonly days: Days; readonly rows: readonly ConsumptionRow[] };

/**
 * Reads the consumption of some days whole. For spans that people ask for in chat: years of a busy meter are for `consumptionSince`.
 *
 * @throws StoreUnavailable while the database does not answer
 */
export async function readHistory(
  { store, clock }: { readonly store: ReadStore; readonly clock: Clock },
  meter: Meter,
  { days, timeZone }: { readonly days: Days; readonly timeZone: string },
): Promise<HistoryAnswer> {
  const rows: ConsumptionRow[] = [];
  for await (const part of consumptionSince(store, meter, { ...momentsOf(days, clock.now(), timeZone), timeZone })) rows.push(...part);
  return { meter, days, rows };
}
