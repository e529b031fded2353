import { countConsumption, type ConsumptionRow } from '../core/meters/export.ts';
import { startOfLocalDay } from '../core/time/local-time.ts';
import type { Days } from '../core/time/parse-days.ts';
import type { Meter } from '../core/meters/meter.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/stores/read-store.ts';

/** The readings per query. A meter that is polled every few seconds has millions over the years. */
const PAGE = 5_000;
/** The readings before the first day. The last one that counts is the baseline, and the very last may not count. */
const BASELINE = 10;

/** Returns the instants from the start of the first day to the end of the last, but not after now. */
export function momentsOf({ first, last }: Days, now: Date, timeZone: string): { readonly since: Date; readonly now: Date } {
  const end = startOfLocalDay(last + 1, timeZone).getTime() - 1;
  return { since: startOfLocalDay(first, timeZone), now: new Date(Math.min(now.getTime(), end)) };
}

type Span = { /** Null: from the beginning. */ readonly since: Date | null; readonly now: Date; readonly timeZone: string };

/**
 * Streams the daily consumption of a meter in parts of bounded size, oldest first. Readings before `since` are the baseline.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
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
    // A meter has one reading per instant, and instants have millisecond precision.
    from = last && page.length === PAGE ? new Date(last.observedAt.getTime() + 1) : null;
  }
  yield count.end();
}

/** The consumption of a meter on some days. */
export type HistoryAnswer = { readonly meter: Meter; readonly days: Days; readonly rows: readonly ConsumptionRow[] };

/**
 * Reads the consumption of some days into memory, for spans that people ask for in chat. `consumptionSince` is for long spans.
 *
 * @throws {StoreUnavailable} if the database does not answer
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
