import { z } from 'zod';
import type { NewReading } from '../../ports/ingest-store.ts';
import type { Prisma } from '../generated/client.ts';

/**
 * Stores the readings of one transaction, as many at a time as are handed over: each time one statement, made ready at once
 * and sent when the function it gives is called, which returns those that were not there yet.
 */
export function startAdding(queries: Prisma.TransactionClient, receivedAt: Date) {
  const isRepeat = startRememberingMoments();

  return function prepare<R extends NewReading>(readings: readonly R[]): () => Promise<readonly R[]> {
    const distinct = readings.filter((reading) => !isRepeat(reading));
    const columns = {
      meterIds: array(distinct, (r) => r.meterId),
      at: array(distinct, (r) => r.observedAt.getTime()),
      used: array(distinct, (r) => r.used),
      total: array(distinct, (r) => r.total),
      starts: array(distinct, (r) => r.period?.start.getTime()),
      ends: array(distinct, (r) => r.period?.end.getTime()),
    };
    return async () => {
      if (distinct.length === 0) return [];
      const count = await queries.$executeRaw`
        INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
        SELECT meter_id, timestamptz 'epoch' + at * interval '1 millisecond', used, total,
          timestamptz 'epoch' + start * interval '1 millisecond', timestamptz 'epoch' + "end" * interval '1 millisecond', ${receivedAt}
        FROM unnest(${columns.meterIds}::uuid[], ${columns.at}::float8[], ${columns.used}::bigint[], ${columns.total}::bigint[], ${columns.starts}::float8[], ${columns.ends}::float8[])
          AS new(meter_id, at, used, total, start, "end")
        ON CONFLICT DO NOTHING`;
      // Nearly always: then nothing is told of each.
      if (count === distinct.length) return distinct;
      const added = new Set(count === 0 ? [] : await addedOf(columns));
      return distinct.filter((_, index) => added.has(index + 1));
    };
  };

  /** Which of these this transaction wrote, counted from 1. None of them is one that it had written before: repeats never get here. */
  async function addedOf({ meterIds, at }: { readonly meterIds: string; readonly at: string }): Promise<readonly number[]> {
    const rows = nthRows.parse(
      await queries.$queryRaw`
        SELECT nth::int AS nth
        FROM unnest(${meterIds}::uuid[], ${at}::float8[]) WITH ORDINALITY AS new(meter_id, at, nth)
          JOIN reading ON reading.meter_id = new.meter_id AND reading.observed_at = timestamptz 'epoch' + new.at * interval '1 millisecond'
        WHERE reading.xmin = pg_current_xact_id()::xid`,
    );
    return rows.map(({ nth }) => nth);
  }
}

const nthRows = z.array(z.object({ nth: z.number() }));

/** Of two in one transaction for the same moment the first is the reading. */
function startRememberingMoments(): (reading: NewReading) => boolean {
  const seen = new Map<string, Set<number>>();
  return ({ meterId, observedAt }) => {
    const moment = observedAt.getTime();
    const moments = seen.get(meterId);
    if (moments === undefined) {
      seen.set(meterId, new Set([moment]));
      return false;
    }
    return moments.size === moments.add(moment).size;
  };
}

/** A column as PostgreSQL writes an array: thousands of values, each handled once. Moments go as milliseconds since 1970, which both sides read faster than text. */
function array<R>(rows: readonly R[], pick: (row: R) => string | bigint | number | null | undefined): string {
  let text = '';
  for (const row of rows) text += `${text === '' ? '' : ','}${pick(row) ?? 'NULL'}`;
  return `{${text}}`;
}
