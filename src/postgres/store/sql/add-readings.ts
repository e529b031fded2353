import { z } from 'zod';
import { StoreRefused } from '../../../ports/stores/store-errors.ts';
import type { NewReading } from '../../../ports/stores/ingest-store.ts';
import { Prisma } from '../../generated/client.ts';

/**
 * Stores the readings of one transaction, as many at a time as are handed over: each time one statement, made ready at once
 * and sent when the function it gives is called, which returns those that were not there yet. Of two figures for one
 * moment the one that arrived later counts: a vendor that stamps by day changes its figure through the day.
 *
 * @param isSurelyNew whether no stored reading can have the meter and moment of this one. Where that holds of all, PostgreSQL is
 * not asked to look for repeats, which is a quarter of what an insert costs; if there is one anyway, the statement fails, and
 * `foundRepeat` recognises the error.
 */
export function addReadings(queries: Prisma.TransactionClient, receivedAt: Date, isSurelyNew: (reading: NewReading) => boolean) {
  const lastOfMoments = startRememberingMoments();

  return function prepare<R extends NewReading>(readings: readonly R[]): () => Promise<readonly R[]> {
    const { distinct, superseded, areNew } = lastOfMoments(readings);
    const columns = columnsOf(distinct);
    const onConflict =
      areNew && distinct.every(isSurelyNew)
        ? Prisma.empty
        : Prisma.sql`
        ON CONFLICT (meter_id, observed_at) DO UPDATE SET used = excluded.used, total = excluded.total, period_start = excluded.period_start,
          period_end = excluded.period_end, received_at = excluded.received_at, is_correction = false
        WHERE (reading.used, reading.total) IS DISTINCT FROM (excluded.used, excluded.total)`;
    return async () => {
      if (distinct.length === 0) return [];
      const count = await queries.$executeRaw`
        INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
        SELECT (${columns.meterIds}::uuid[])[nth_meter], timestamptz 'epoch' + at * interval '1 millisecond', used, total,
          timestamptz 'epoch' + start * interval '1 millisecond', timestamptz 'epoch' + "end" * interval '1 millisecond', ${receivedAt}
        FROM unnest(${columns.nthMeter}::int[], ${columns.at}::bigint[], ${columns.used}::bigint[], ${columns.total}::bigint[], ${columns.starts}::bigint[], ${columns.ends}::bigint[])
          AS new(nth_meter, at, used, total, start, "end")
        ${onConflict}`;
      // Nearly always: then nothing is told of each.
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

  /** Which of these this transaction wrote, counted from 1. None of them is one that it had written before: repeats never get here. */
  async function addedOf({ meterIds, nthMeter, at }: Columns): Promise<readonly number[]> {
    const rows = nthRows.parse(
      await queries.$queryRaw`
        SELECT nth::int AS nth
        FROM unnest(${nthMeter}::int[], ${at}::bigint[]) WITH ORDINALITY AS new(nth_meter, at, nth)
          JOIN reading ON reading.meter_id = (${meterIds}::uuid[])[new.nth_meter] AND reading.observed_at = timestamptz 'epoch' + new.at * interval '1 millisecond'
        WHERE reading.xmin = pg_current_xact_id()::xid`,
    );
    return rows.map(({ nth }) => nth);
  }
}

/** Readings as PostgreSQL reads arrays: a column each, and their meters once, since ids are most of what there is to send. */
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
  };
}

/** Whether an insert failed because a reading was there already. */
export function foundDuplicate(error: unknown): boolean {
  return error instanceof StoreRefused && duplicateSchema.safeParse(error.cause).success;
}

/** How Prisma's adapter says which unique constraint was violated, and by what code of PostgreSQL. */
const duplicateSchema = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({ originalCode: z.literal('23505'), constraint: z.object({ index: z.literal('reading_pkey') }) }),
    }),
  }),
});

const nthRows = z.array(z.object({ nth: z.number() }));

/** Readings without repeats of what the transaction has seen. */
type Distinct<R> = {
  /** The last figure of each moment. */
  readonly distinct: readonly R[];
  /** Other figures of these moments that came before, with the index of the one that replaces them. */
  readonly superseded: ReadonlyMap<R, number>;
  /** Nothing was written of these moments earlier in the transaction. */
  readonly areNew: boolean;
};

/** Of two figures in one transaction for the same moment the later one is the reading; the same figure twice is one. */
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
      if (before !== undefined && before.used === reading.used && before.total === reading.total) continue;
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

/**
 * A column as PostgreSQL writes an array: thousands of values, each handled once. Moments go as milliseconds since 1970, which
 * both sides read faster than text. A column of nothing but NULL is sent empty: `unnest` fills up those that are shorter.
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
