import type { Cursor, Part } from '../../../ports/stores/retention-store.ts';
import { blocksFrom } from './blocks.ts';
import { idRows } from './pending-deliveries.ts';
import type { Queries } from './queries.ts';

/** The most rows that one statement deletes: a notification can have a delivery for each channel, and a delivery many attempts. */
const MOST_ROWS = 2_000;

/** Deletes notifications of threads that nothing can change anymore, with their deliveries and attempts. */
export async function deleteOldDeliveries(queries: Queries, olderThan: Date, from: Cursor): Promise<Part> {
  const { isWithin, next } = await blocksFrom(queries, 'notification', from);
  const rows = idRows.parse(
    await queries.rows`
      SELECT notification.id FROM notification WHERE ${isWithin} AND notification.created_at < ${olderThan}
        AND NOT EXISTS (
          SELECT FROM notification AS other LEFT JOIN alert ON alert.id = other.alert_id
          WHERE other.thread_id = notification.thread_id AND (other.created_at >= ${olderThan} OR alert.open_topic IS NOT NULL)
        )
        AND NOT EXISTS (
          SELECT FROM notification AS other JOIN delivery ON delivery.notification_id = other.id
          WHERE other.thread_id = notification.thread_id AND delivery.status = 'pending'
        )
        AND NOT EXISTS (SELECT FROM source WHERE source.account_id = notification.account_id AND source.stale_thread = notification.thread_id)
        AND NOT (notification.kind = 'destination-disabled' AND EXISTS (
          SELECT FROM destination WHERE destination.account_id = notification.account_id AND destination.disabled_reason IS NOT NULL
        ))
        AND NOT EXISTS (
          SELECT FROM delivery JOIN delivery AS companion ON companion.group_id = delivery.group_id
            JOIN notification AS other ON other.id = companion.notification_id LEFT JOIN alert ON alert.id = other.alert_id
          WHERE delivery.notification_id = notification.id AND (other.created_at >= ${olderThan} OR alert.open_topic IS NOT NULL)
        )
      LIMIT ${MOST_ROWS}::int`,
  );
  if (rows.length === 0) return { removed: 0, next };
  const ids = rows.map(({ id }) => id);
  const attempts = await queries.run`
    DELETE FROM attempt WHERE (delivery_id, number) IN (
      SELECT delivery_id, number FROM attempt JOIN delivery ON delivery.id = delivery_id WHERE notification_id = ANY(${ids}::uuid[]) LIMIT ${MOST_ROWS}::int)`;
  if (attempts === MOST_ROWS) return { removed: attempts, next: from };
  const deliveries = await queries.run`
    DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE notification_id = ANY(${ids}::uuid[]) LIMIT ${MOST_ROWS}::int)`;
  if (deliveries === MOST_ROWS) return { removed: attempts + deliveries, next: from };
  const notifications = await queries.run`DELETE FROM notification WHERE id = ANY(${ids}::uuid[])`;
  return {
    removed: attempts + deliveries + notifications,
    next: rows.length === MOST_ROWS ? from : next,
  };
}
