import { z } from 'zod';
import { BEGINNING, MOST_METERS, type Cursor, type Part, type RetentionStore } from '../../ports/stores/retention-store.ts';
import type { Database } from './sql/database.ts';
import type { Queries } from './sql/queries.ts';
import { deleteOldDeliveries } from './sql/delete-deliveries.ts';
import { blocksFrom } from './sql/blocks.ts';
import { readStorageUse } from './sql/storage-use.ts';
import { MOST_ROWS, thinPart } from './sql/thin.ts';

/** Meters per part, and the readings of each that one part deletes. */
const METERS = 100;
const OF_EACH = MOST_ROWS / METERS;

/** Deletes old data in parts of bounded size. One part runs at a time, in all processes. */
export function createRetentionStore(database: Database): RetentionStore {
  return {
    thin: (olderThan, { meters, spanMs }) =>
      alone((queries) => thinPart(queries, olderThan, { meters: Math.max(1, Math.min(meters, MOST_METERS)), spanMs })),
    deleteReadings: (olderThan, from) => alone((queries) => deleteOldReadings(queries, olderThan, from)),
    deleteDeliveries: (olderThan, from) => alone((queries) => deleteOldDeliveries(queries, olderThan, from)),
    deleteAlerts: (olderThan, from) => alone((queries) => deleteOldAlerts(queries, olderThan, from)),
    storageUse: (now) => database.query((queries) => readStorageUse(queries, now)),
  };

  function alone<T>(work: (queries: Queries) => Promise<T>): Promise<T | null> {
    return database.transaction(async (queries) => {
      const [lock] = lockRows.parse(await queries.rows`SELECT pg_try_advisory_xact_lock(hashtext('creditwatch retention')) AS ours`);
      return lock?.ours === true ? work(queries) : null;
    });
  }
}

const lockRows = z.array(z.object({ ours: z.boolean() }));

/** @param from the id of the last meter of the part before */
async function deleteOldReadings(queries: Queries, olderThan: Date, from: Cursor): Promise<Part> {
  const [part] = meterRows.parse(
    await queries.rows`
      SELECT array_agg(id ORDER BY id)::text[] AS ids FROM (SELECT id FROM meter WHERE id > ${from === BEGINNING ? NO_ID : from}::uuid ORDER BY id LIMIT ${METERS}::int) AS meter`,
  );
  const ids = part?.ids ?? [];
  if (ids.length === 0) return { removed: 0, next: null };
  const removed = await queries.run`
    DELETE FROM reading USING (
      SELECT meter.id, old.observed_at FROM meter CROSS JOIN LATERAL (
        SELECT observed_at FROM reading WHERE meter_id = meter.id AND observed_at < least(${olderThan}::timestamptz, meter.observed_at) ORDER BY observed_at LIMIT ${OF_EACH}::int
      ) AS old WHERE meter.id = ANY(${ids}::uuid[]) AND meter.observed_at IS NOT NULL
    ) AS old WHERE reading.meter_id = old.id AND reading.observed_at = old.observed_at`;
  return { removed, next: removed > 0 ? from : (ids.at(-1) ?? null) };
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
const meterRows = z.array(z.object({ ids: z.array(z.string()).nullable() }));

/** An alert that fired for a period without an end stays: its firing says that the level was reached. */
async function deleteOldAlerts(queries: Queries, olderThan: Date, from: Cursor): Promise<Part> {
  const { isWithin, next } = await blocksFrom(queries, 'alert', from);
  const removed = await queries.run`
    DELETE FROM alert WHERE ${isWithin} AND open_topic IS NULL AND resolved_at < ${olderThan}
      AND NOT EXISTS (SELECT FROM notification WHERE notification.alert_id = alert.id)
      AND NOT EXISTS (SELECT FROM firing JOIN meter ON meter.id = firing.meter_id WHERE firing.alert_id = alert.id AND firing.period_began_at >= coalesce(meter.period_began_at, '-infinity'))`;
  return { removed, next };
}
