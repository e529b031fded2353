import { z } from 'zod';
import { LEAST_ALL_READINGS_MS } from '../../../core/meters/retention.ts';
import { thinReadings } from '../../../core/meters/thin-readings.ts';
import type { RecordedReading } from '../../../core/meters/export.ts';
import type { ThinnedPart } from '../../../ports/stores/retention-store.ts';
import { localDayOf, startOfLocalDay } from '../../../core/time/local-time.ts';
import { READING_COLUMNS, readingFromRow, readingRows, resetsBySource } from './meter-rows.ts';
import type { Queries } from './queries.ts';

/** The most readings that one statement reads or deletes. */
export const MOST_ROWS = 2_000;
/** The readings before those to be thinned, from which the state of the meter follows. */
const BASELINE = 10;
/** The last part ended among the readings of a day. The last of those that stayed then may go now. */
const AGAIN = 10;

type DueMeter = {
  readonly id: string;
  readonly resets: boolean;
  readonly timeZone: string;
  readonly since: Date;
  readonly until: Date;
  /** The readings before `since`. */
  readonly before: RecordedReading[];
  readonly readings: RecordedReading[];
};

/** Thins one part. The caller keeps other processes from doing the same. */
export async function thinPart(
  queries: Queries,
  olderThan: Date,
  { meters, spanMs }: { readonly meters: number; readonly spanMs: number },
): Promise<ThinnedPart> {
  const due = await readDueMeters(queries, olderThan, { meters, spanMs });
  const perMeter = Math.floor(MOST_ROWS / meters) - BASELINE - AGAIN;
  await readReadings(queries, due, perMeter);
  const decisions = due.map((meter) => decide(meter, perMeter));
  const removed = await deleteReadings(queries, decisions);
  await saveThinnedUntil(queries, decisions);
  const most = Math.max(0, ...due.map(({ readings }) => readings.length));
  return { removed, left: due.length > 0, isCrowded: most === perMeter, isSparse: most * 2 < perMeter };
}

/** Every meter is thinned up to the same instants, multiples of the span. */
async function readDueMeters(
  queries: Queries,
  olderThan: Date,
  { meters, spanMs }: { readonly meters: number; readonly spanMs: number },
): Promise<readonly DueMeter[]> {
  const accounts = accountRows.parse(await queries.rows`SELECT id, time_zone AS "timeZone" FROM account`);
  const ends = accounts.map(({ timeZone }) => startOfLocalDay(localDayOf(olderThan, timeZone), timeZone));
  const rows = dueRows.parse(
    await queries.rows`
      SELECT due.*, coalesce(thinned_until, (SELECT observed_at FROM reading WHERE meter_id = due.id ORDER BY observed_at LIMIT 1), until) AS since
      FROM (
        SELECT meter.id, source.period, account.time_zone AS "timeZone", meter.thinned_until, account.until
        FROM meter
          JOIN unnest(${accounts.map(({ id }) => id)}::text[], ${accounts.map(({ timeZone }) => timeZone)}::text[], ${ends}::timestamptz[])
            AS account(id, time_zone, until) ON account.id = meter.account_id
          JOIN source ON source.account_id = meter.account_id AND source.id = meter.source_id
        WHERE meter.thinned_until IS NULL OR meter.thinned_until < account.until
        ORDER BY meter.thinned_until NULLS FIRST, meter.id LIMIT ${meters}::int
      ) AS due`,
  );
  return rows.map(({ period, since, until, ...meter }) => {
    const next = (Math.floor(since.getTime() / spanMs) + 1) * spanMs;
    return {
      ...meter,
      since,
      until: new Date(Math.min(next, until.getTime())),
      resets: resetsBySource({ period }),
      before: [],
      readings: [],
    };
  });
}

const accountRows = z.array(z.object({ id: z.string(), timeZone: z.string() }));
const dueRows = z.array(z.object({ id: z.string(), period: z.unknown(), timeZone: z.string(), since: z.date(), until: z.date() }));

async function readReadings(queries: Queries, due: readonly DueMeter[], perMeter: number): Promise<void> {
  const rows = await queries.rows`
    SELECT due.nth::int, reading.*
    FROM unnest(${due.map(({ id }) => id)}::uuid[], ${due.map(({ since }) => since)}::timestamptz[], ${due.map(({ until }) => until)}::timestamptz[])
      WITH ORDINALITY AS due(id, since, until, nth)
    CROSS JOIN LATERAL (
      (SELECT ${READING_COLUMNS} FROM reading WHERE meter_id = due.id AND observed_at < due.since ORDER BY observed_at DESC LIMIT ${BASELINE + AGAIN}::int)
      UNION ALL
      (SELECT ${READING_COLUMNS} FROM reading WHERE meter_id = due.id AND observed_at >= due.since AND observed_at < due.until
        ORDER BY observed_at LIMIT ${perMeter}::int)
    ) AS reading
    ORDER BY due.nth, reading."observedAt"`;
  for (const { nth, ...row } of placedRows.parse(rows)) {
    const meter = due[nth - 1];
    if (meter !== undefined) (row.observedAt < meter.since ? meter.before : meter.readings).push(readingFromRow(row));
  }
}

const placedRows = z.array(readingRows.element.extend({ nth: z.number() }));

type Decision = { readonly meter: DueMeter; readonly remove: readonly RecordedReading[]; readonly thinnedUntil: Date };

function decide(meter: DueMeter, perMeter: number): Decision {
  const { before, readings, timeZone, until } = meter;
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined) return { meter, remove: [], thinnedUntil: until };
  const day = localDayOf(first.observedAt, timeZone);
  const again = before.slice(-AGAIN).filter(({ observedAt }) => localDayOf(observedAt, timeZone) === day);
  const fixed = before.slice(0, before.length - again.length);
  return {
    meter,
    remove: thinReadings(fixed, [...again, ...readings], meter),
    thinnedUntil: readings.length < perMeter ? until : new Date(last.observedAt.getTime() + 1),
  };
}

async function deleteReadings(queries: Queries, decisions: readonly Decision[]): Promise<number> {
  const removed = decisions.flatMap(({ meter, remove }, index) =>
    remove.map(({ observedAt }) => ({ nth: index + 1, at: observedAt, id: meter.id })),
  );
  if (removed.length === 0) return 0;
  return queries.run`
    DELETE FROM reading USING unnest(${removed.map(({ nth }) => nth)}::int[], ${removed.map(({ at }) => at)}::timestamptz[]) AS old(nth, at)
    WHERE reading.meter_id = (${decisions.map(({ meter }) => meter.id)}::uuid[])[old.nth] AND reading.observed_at = old.at`;
}

/** Does not wait for a meter that an ingest has locked: the next part comes to the same result for it. */
async function saveThinnedUntil(queries: Queries, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  await queries.run`
    WITH free AS (SELECT id FROM meter WHERE id = ANY(${decisions.map(({ meter }) => meter.id)}::uuid[]) FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE meter SET thinned_until = thinned.until
    FROM free JOIN unnest(${decisions.map(({ meter }) => meter.id)}::uuid[], ${decisions.map(({ thinnedUntil }) => thinnedUntil)}::timestamptz[])
      AS thinned(id, until) ON thinned.id = free.id
    WHERE meter.id = free.id`;
}

/** Has the days of late readings thinned again, which began 26 hours before them at most. The caller has locked the meters. */
export async function thinAgain(
  queries: Queries,
  readings: readonly { readonly meterId: string; readonly observedAt: Date }[],
  receivedAt: Date,
): Promise<void> {
  const oldest = new Map<string, Date>();
  for (const { meterId, observedAt } of readings) {
    if (receivedAt.getTime() - observedAt.getTime() < LEAST_ALL_READINGS_MS) continue;
    const known = oldest.get(meterId);
    if (known === undefined || observedAt < known) oldest.set(meterId, observedAt);
  }
  if (oldest.size === 0) return;
  await queries.run`
    UPDATE meter SET thinned_until = late.at - interval '26 hours'
    FROM unnest(${[...oldest.keys()]}::uuid[], ${[...oldest.values()]}::timestamptz[]) AS late(id, at)
    WHERE meter.id = late.id AND meter.thinned_until > late.at`;
}
