import { z } from 'zod';
import type { NewReading } from '../../ports/ingest-store.ts';
import type { Prisma } from '../generated/client.ts';

/** Stores readings in one statement; returns those that were not there yet. */
export async function addReadings<R extends NewReading>(
  queries: Prisma.TransactionClient,
  readings: readonly R[],
  receivedAt: Date,
): Promise<readonly R[]> {
  const distinct = withoutRepeats(readings);
  if (distinct.length === 0) return [];
  const [answer] = addedRows.parse(
    await queries.$queryRaw`
      WITH new AS MATERIALIZED (
        SELECT meter_id, timestamptz 'epoch' + at * interval '1 millisecond' AS observed_at, used, total,
          timestamptz 'epoch' + start * interval '1 millisecond' AS period_start, timestamptz 'epoch' + "end" * interval '1 millisecond' AS period_end, nth
        FROM unnest(${array(distinct, (r) => r.meterId)}::uuid[], ${array(distinct, (r) => r.observedAt.getTime())}::float8[], ${array(distinct, (r) => r.used)}::bigint[],
          ${array(distinct, (r) => r.total)}::bigint[], ${array(distinct, (r) => r.period?.start.getTime())}::float8[], ${array(distinct, (r) => r.period?.end.getTime())}::float8[])
          WITH ORDINALITY AS new(meter_id, at, used, total, start, "end", nth)
      ), added AS (
        INSERT INTO reading (meter_id, observed_at, used, total, period_start, period_end, received_at)
        SELECT meter_id, observed_at, used, total, period_start, period_end, ${receivedAt} FROM new
        ON CONFLICT DO NOTHING
        RETURNING meter_id, observed_at
      )
      SELECT CASE WHEN (SELECT count(*) FROM added) < ${distinct.length} THEN (SELECT coalesce(json_agg(nth), '[]') FROM new JOIN added USING (meter_id, observed_at)) END AS nths`,
  );
  if (!answer?.nths) return distinct;
  const added = new Set(answer.nths);
  return distinct.filter((_, index) => added.has(index + 1));
}

/** Of two in one request for the same moment the first is the reading. */
function withoutRepeats<R extends NewReading>(readings: readonly R[]): readonly R[] {
  const seen = new Map<string, Set<number>>();
  return readings.filter(({ meterId, observedAt }) => {
    const moments = seen.get(meterId);
    if (moments === undefined) return seen.set(meterId, new Set([observedAt.getTime()]));
    return moments.size < moments.add(observedAt.getTime()).size;
  });
}

/** Null when all of them were added, which is nearly always: then nothing is told of each. */
const addedRows = z.array(z.object({ nths: z.array(z.number()).nullable() }));

/** A column as PostgreSQL writes an array: thousands of values, each handled once. Moments go as milliseconds since 1970, which both sides read faster than text. */
function array<R>(rows: readonly R[], pick: (row: R) => string | bigint | number | null | undefined): string {
  let text = '';
  for (const row of rows) text += `${text === '' ? '' : ','}${pick(row) ?? 'NULL'}`;
  return `{${text}}`;
}
