import { z } from 'zod';
import { deliveryActions, deliveryStatuses } from '../../core/delivery.ts';
import { decodeSnapshot } from '../../core/notification.ts';
import type { AttemptRow, PendingDelivery } from '../../ports/delivery-store.ts';
import type { Database } from './database.ts';
import { addressFromRow } from './rows.ts';

const actionSchema = z.enum(deliveryActions);
const statusSchema = z.enum(deliveryStatuses);
const outcomeSchema = z.enum(['sent', 'retry', 'rejected', 'unknown']).nullable();
export const idRows = z.array(z.object({ id: z.string() }));

/** Deliveries with all that putting them into words takes, in their order. */
export async function readPending(database: Database, ids: readonly string[]): Promise<readonly { readonly destinationId: string; readonly delivery: PendingDelivery }[]> {
  const rows = await database.query((queries) =>
    queries.delivery.findMany({
      where: { id: { in: [...ids] } },
      orderBy: { seq: 'asc' },
      include: {
        attempts: { orderBy: { number: 'asc' } },
        notification: { include: { alert: true } },
        destination: { include: { account: true } },
        target: true,
        meantFor: true,
      },
    }),
  );
  const overtaken = await readOvertaken(database, rows.filter(({ heldUntil }) => heldUntil !== null).map(({ id }) => id));
  const messages = await readMessages(database, rows.flatMap(({ target }) => (target?.groupId ? [target.groupId] : [])));
  return rows.map((row) => {
    const { alert } = row.notification;
    const { nextAllowedAt, account } = row.destination;
    const attempts = row.attempts.map((attempt): AttemptRow => ({ number: attempt.number, startedAt: attempt.startedAt, outcome: outcomeSchema.parse(attempt.outcome) }));
    const last = attempts.at(-1);
    const delivery: PendingDelivery = {
      id: row.id,
      action: actionSchema.parse(row.action),
      snapshot: decodeSnapshot(row.notification.snapshot),
      alert: alert && { id: alert.id, open: alert.openTopic !== null },
      overtaken: overtaken.has(row.id),
      target: row.target && { id: row.target.id, status: statusSchema.parse(row.target.status), messageRef: row.target.messageRef, members: messages.get(row.target.groupId ?? '') ?? [] },
      groupId: row.groupId,
      meantFor: row.meantFor && addressFromRow(row.meantFor),
      // An attempt without an outcome was interrupted between the post and the mark: it may have landed.
      inDoubt: last !== undefined && (last.outcome === null || last.outcome === 'unknown'),
      timeZone: account.timeZone,
      mentions: row.mentions,
      readyAt: nextAllowedAt !== null && nextAllowedAt > row.dueAt ? nextAllowedAt : row.dueAt,
      attempts,
    };
    return { destinationId: row.destinationId, delivery };
  });
}

/** Of those that were held: for which something newer of the same thread was posted there meanwhile. */
async function readOvertaken(database: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = idRows.parse(
    await database.query(
      (queries) => queries.$queryRaw`
        SELECT held.id FROM delivery AS held JOIN notification ON notification.id = held.notification_id
        WHERE held.id = ANY(${[...ids]}::uuid[]) AND held.action = 'post' AND EXISTS (
          SELECT 1 FROM delivery AS later JOIN notification AS news ON news.id = later.notification_id
          WHERE news.thread_id = notification.thread_id AND later.destination_id = held.destination_id AND later.action = 'post' AND later.seq > held.seq AND later.status IN ('sent', 'unknown')
        )`,
    ),
  );
  return new Set(rows.map(({ id }) => id));
}

type Members = NonNullable<PendingDelivery['target']>['members'];

/** What was posted together, by the group's id: each as it was posted, or as the last edit of it says. */
async function readMessages(database: Database, groupIds: readonly string[]): Promise<ReadonlyMap<string, Members>> {
  if (groupIds.length === 0) return new Map();
  const rows = await database.query((queries) =>
    queries.delivery.findMany({
      where: { groupId: { in: [...new Set(groupIds)] }, action: 'post', status: 'sent' },
      orderBy: { seq: 'asc' },
      include: { notification: true, about: { where: { action: 'edit', status: 'sent' }, orderBy: { seq: 'desc' }, take: 1, include: { notification: true } } },
    }),
  );
  const messages = new Map<string, Members>();
  for (const { id, groupId, notification, about } of rows) {
    const member = { deliveryId: id, snapshot: decodeSnapshot((about[0]?.notification ?? notification).snapshot) };
    if (groupId !== null) messages.set(groupId, [...(messages.get(groupId) ?? []), member]);
  }
  return messages;
}
