import { z } from 'zod';
import type { NewReading } from '../../../ports/stores/ingest-store.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';
import { thinAgain } from './thin.ts';

/**
 * Stores the readings of one transaction in batches, one statement per batch. `prepare` builds the statement at once; calling its
 * result runs it and returns the readings that were not stored before. If two figures have the same time, the one that arrived
 * later counts, because a vendor that stamps by day changes its figure during the day. A lower bound replaces only a lower bound, and only by more.
 *
 * @param isSurelyNew whether no stored reading can have the meter and time of this one. If this holds for all readings, PostgreSQL
 * does not check for conflicts, which saves a quarter of the cost of the insert.
 */
export function addReadings(queries: Queries, receivedAt: Date, isSurelyNew: (reading: NewReading) => boolean) {
  const lastOfMoments = startRememberingMoments();

  return function prepare<R extends NewReading>(readings: readonly R[]): () => Promise<readonly R[]> {
    const { distinct, superseded, areNew } = lastOfMoments(readings);
    const columns = columnsOf(distinct);
    const onConflict =
      areNew && distinct.every(isSurelyNew)
        ? Prisma.empty
        : Prisma.sql`
        ON CONFLICT (meter_id, observed_at) DO UPDATE SET used = excluded.used, total = excluded.total, period_start = excluded.period_start,
          period_end = excluded.period_end, received_at = excluded.received_at, is_correction = false, is_at_least = excluded.is_at_least
        WHERE (reading.used, reading.total, reading.is_at_least) IS DISTINCT FROM (excluded.used, excluded.total, excluded.is_at_least)
          AND (NOT excluded.is_at_least OR (reading.is_at_least AND excluded.used > reading.used))`;
    return async () => {
      if (distinct.length === 0) return [];
      const count = await queries.run`
        INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at, is_at_least)
        SELECT (${columns.meterIds}::uuid[])[nth_meter], timestamptz 'epoch' + at * interval '1 millisecond', used, total,
          timestamptz 'epoch' + start * interval '1 millisecond', timestamptz 'epoch' + "end" * interval '1 millisecond', ${receivedAt}, coalesce(at_least, 0) = 1
        FROM unnest(${columns.nthMeter}::int[], ${columns.at}::bigint[], ${columns.used}::bigint[], ${columns.total}::bigint[], ${columns.starts}::bigint[], ${columns.ends}::bigint[], ${columns.lowerBounds}::int[])
          AS new(nth_meter, at, used, total, start, "end", at_least)
        ${onConflict}`;
      if (count > 0) await thinAgain(queries, distinct, receivedAt);
      // The usual case: all readings are new, so the added ones need not be queried.
      if (count === distinct.length && superseded.size === 0) return distinct;
      const nth = count === distinct.length ? null : new Set(count === 0 ? [] : await addedOf(columns));
      const added = new Set(nth === null ? distinct : distinct.filter((_, index) => nth.has(index + 1)));
      return readings.filter((reading) => {
        const slot = superseded.get(reading);
        const last = slot === undefined ? reading : distinct[slot];
        return last !== undefined && added.has(last);
      });
    };
  };

  /** Positions, counted from 1, of the readings that this transaction wrote. Readings that it wrote earlier are never passed in again. */
  async function addedOf({ meterIds, nthMeter, at }: Columns): Promise<readonly number[]> {
    const rows = nthRows.parse(
      await queries.rows`
        SELECT nth::int AS nth
        FROM unnest(${nthMeter}::int[], ${at}::bigint[]) WITH ORDINALITY AS new(nth_meter, at, nth)
          JOIN reading ON reading.meter_id = (${meterIds}::uuid[])[new.nth_meter] AND reading.observed_at = timestamptz 'epoch' + new.at * interval '1 millisecond'
        WHERE reading.xmin = pg_current_xact_id()::xid`,
    );
    return rows.map(({ nth }) => nth);
  }
}

/** Readings as PostgreSQL array literals, one per column. Meter ids are sent once each, because they would be most of the data. */
type Columns = ReturnType<typeof columnsOf>;

function columnsOf(readings: readonly NewReading[]) {
  const places = new Map<string, number>();
  const placeOf = (meterId: string) => {
    const known = places.get(meterId);
    if (known !== undefined) return known;
    places.set(meterId, places.size + 1);
    return places.size;
  };
  return {
    nthMeter: array(readings, (r) => placeOf(r.meterId)),
    meterIds: `{${[...places.keys()].join(',')}}`,
    at: array(readings, (r) => r.observedAt.getTime()),
    used: array(readings, (r) => r.used),
    total: array(readings, (r) => r.total),
    starts: array(readings, (r) => r.period?.start.getTime()),
    ends: array(readings, (r) => r.period?.end.getTime()),
    lowerBounds: array(readings, (r) => (r.isAtLeast ? 1 : null)),
  };
}

const nthRows = z.array(z.object({ nth: z.number() }));

/** Readings without those that repeat an earlier one of the transaction. */
type Distinct<R> = {
  /** The last figure of each time. */
  readonly distinct: readonly R[];
  /** Earlier figures for the same times, with the index of the reading that replaces them. */
  readonly superseded: ReadonlyMap<R, number>;
  /** True if the transaction has written no reading for these times yet. */
  readonly areNew: boolean;
};

/** If one transaction has two figures for the same time, the later one is the reading. The same figure twice counts once. */
function startRememberingMoments(): <R extends NewReading>(readings: readonly R[]) => Distinct<R> {
  const seen = new Map<string, Map<number, NewReading>>();
  return <R extends NewReading>(readings: readonly R[]) => {
    const distinct: R[] = [];
    const superseded = new Map<R, number>();
    const slots = new Map<NewReading, number>();
    let areNew = true;
    for (const reading of readings) {
      const moment = reading.observedAt.getTime();
      const moments = seen.get(reading.meterId) ?? new Map<number, NewReading>();
      if (moments.size === 0) seen.set(reading.meterId, moments);
      const before = moments.get(moment);
      if (before !== undefined && !replaces(reading, before)) continue;
      moments.set(moment, reading);
      const slot = before === undefined ? undefined : slots.get(before);
      const replaced = slot === undefined ? undefined : distinct[slot];
      if (slot === undefined || replaced === undefined) {
        if (before !== undefined) areNew = false;
        slots.set(reading, distinct.length);
        distinct.push(reading);
      } else {
        superseded.set(replaced, slot);
        slots.set(reading, slot);
        distinct[slot] = reading;
      }
    }
    return { distinct, superseded, areNew };
  };
}

/** Whether the second of two figures for one time counts. */
function replaces(later: NewReading, before: NewReading): boolean {
  if (later.isAtLeast) return before.isAtLeast === true && later.used > before.used;
  return before.isAtLeast === true || before.used !== later.used || before.total !== later.total;
}

/**
 * Writes a column as a PostgreSQL array literal in one pass over thousands of values. Times are milliseconds since 1970, which both
 * sides read faster than text. A column of only NULL is sent empty, because `unnest` pads shorter arrays with NULL.
 */
function array<R>(rows: readonly R[], pick: (row: R) => bigint | number | null | undefined): string {
  let text = '';
  let isEmpty = true;
  for (const row of rows) {
    const value = pick(row) ?? null;
    if (value !== null) isEmpty = false;
    text += `${text === '' ? '' : ','}${value ?? 'NULL'}`;
  }
  return isEmpty ? '{}' : `{${text}}`;
}
