import { z } from 'zod';
import { deliveryActions, deliveryStatuses } from '../../core/delivery.ts';
import { decodeSnapshot } from '../../core/notification.ts';
import type { AttemptRow, DeliveryStore, PendingDelivery } from '../../ports/store.ts';
import type { Prisma } from '../generated/client.ts';
import type { Database } from './database.ts';
import { holdSwitches, turnOff } from './destinations.ts';
import { addressFromRow } from './rows.ts';

const actionSchema = z.enum(deliveryActions);
const statusSchema = z.enum(deliveryStatuses);
const outcomeSchema = z.enum(['sent', 'retry', 'rejected', 'unknown']).nullable();
const waitingRows = z.array(z.object({ id: z.string(), ready_at: z.date() }));

/**
 * The delivery side. Every write of a drain goes through its fence in the same statement, so that a process that was
 * stopped and comes back late writes nothing.
 */
export function createDeliveryStore(database: Database): DeliveryStore {
  return {
    async claim(destinationId, owner, now, leaseMs) {
      const [row] = await database.query((queries) =>
        queries.destination.updateManyAndReturn({
          where: { id: destinationId, offReason: null, OR: [{ leaseUntil: null }, { leaseUntil: { lte: now } }] },
          data: { leaseOwner: owner, leaseUntil: later(now, leaseMs), fence: { increment: 1 } },
        }),
      );
      return row ? { destinationId, fence: row.fence, ...addressFromRow(row) } : null;
    },

    async pending({ destinationId }, most, now) {
      const rows = await database.query((queries) =>
        queries.delivery.findMany({
          where: { destinationId, status: 'pending', OR: [{ heldUntil: null }, { heldUntil: { lte: now } }] },
          orderBy: { seq: 'asc' },
          take: most,
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
      return rows.map((row): PendingDelivery => {
        const { alert } = row.notification;
        const { nextAllowedAt, account } = row.destination;
        const attempts = row.attempts.map((attempt): AttemptRow => ({ number: attempt.number, startedAt: attempt.startedAt, outcome: outcomeSchema.parse(attempt.outcome) }));
        const last = attempts.at(-1);
        return {
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
      });
    },

    async drop({ destinationId, fence }, deliveryIds, reason, now) {
      const dropped = await database.query(
        (queries) => queries.$executeRaw`
          UPDATE delivery SET status = 'dropped', settled_at = ${now}, settled_because = ${reason} FROM destination
          WHERE destination.id = ${destinationId}::uuid AND destination.fence = ${fence} AND delivery.id = ANY(${[...deliveryIds]}::uuid[])`,
      );
      return dropped > 0;
    },

    async startAttempt({ destinationId, fence }, deliveryIds, number, now, leaseMs) {
      const [first] = deliveryIds;
      const started = await database.query(
        (queries) => queries.$executeRaw`
          WITH held AS (
            UPDATE destination SET lease_until = ${later(now, leaseMs)} WHERE id = ${destinationId}::uuid AND fence = ${fence} RETURNING id
          ), interrupted AS (
            UPDATE attempt SET outcome = 'unknown', reason = 'interrupted', finished_at = ${now}
            FROM held WHERE delivery_id = ${first}::uuid AND outcome IS NULL
          ), grouped AS (
            UPDATE delivery SET group_id = ${first}::uuid FROM held WHERE delivery.id = ANY(${[...deliveryIds]}::uuid[])
          )
          INSERT INTO attempt (delivery_id, number, started_at) SELECT ${first}::uuid, ${number}::int, ${now}::timestamptz FROM held`,
      );
      return started === 1;
    },

    async finishAttempt({ destinationId, fence }, deliveryIds, { number, outcome, reason }, { status, dueAt, messageRef }, { nextAllowedAt, off }, now) {
      const settledAt = status === 'pending' ? null : now;
      const write = (queries: Pick<Prisma.TransactionClient, '$executeRaw'>) => queries.$executeRaw`
          WITH held AS (
            UPDATE destination SET next_allowed_at = ${nextAllowedAt}, off_told = CASE WHEN ${status} = 'sent' THEN NULL ELSE off_told END,
              struck_at = CASE WHEN ${status} = 'sent' THEN NULL ELSE struck_at END
            WHERE id = ${destinationId}::uuid AND fence = ${fence} RETURNING id
          ), mended AS (
            INSERT INTO timer (account_id, kind, subject, due_at)
            SELECT destination.account_id, 'mended', destination.id, ${now} FROM destination JOIN held ON held.id = destination.id
            WHERE ${status} = 'sent' AND destination.off_told IS NOT NULL ON CONFLICT DO NOTHING
          ), made AS (
            UPDATE attempt SET outcome = ${outcome}, reason = ${reason}, finished_at = ${now} FROM held
            WHERE delivery_id = ${deliveryIds[0]}::uuid AND number = ${number}::int
          )
          UPDATE delivery SET status = ${status}, due_at = coalesce(${dueAt ?? null}::timestamptz, due_at),
            message_ref = coalesce(${messageRef ?? null}::text, message_ref), settled_at = ${settledAt}::timestamptz,
            settled_because = CASE WHEN ${status} = 'pending' THEN NULL ELSE ${reason}::text END
          FROM held WHERE delivery.id = ANY(${[...deliveryIds]}::uuid[])`;
      if (off === null) return (await database.query(write)) > 0;
      return database.transaction(async (queries) => {
        await holdSwitches(queries);
        const finished = (await write(queries)) > 0;
        if (finished) await turnOff(queries, destinationId, off, now);
        return finished;
      });
    },

    async release({ destinationId, fence }) {
      await database.query((queries) => queries.destination.updateMany({ where: { id: destinationId, fence }, data: { leaseOwner: null, leaseUntil: null } }));
    },

    async waiting(now) {
      const rows = waitingRows.parse(
        await database.query(
          (queries) => queries.$queryRaw`
            SELECT destination.id, greatest(coalesce(head.due_at, held.until), destination.next_allowed_at, destination.lease_until) AS ready_at
            FROM destination LEFT JOIN LATERAL (
              SELECT due_at FROM delivery WHERE destination_id = destination.id AND status = 'pending' AND (held_until IS NULL OR held_until <= ${now}) ORDER BY seq LIMIT 1
            ) AS head ON true LEFT JOIN LATERAL (
              SELECT min(held_until) AS until FROM delivery WHERE head.due_at IS NULL AND destination_id = destination.id AND status = 'pending'
            ) AS held ON true
            WHERE destination.off_reason IS NULL AND coalesce(head.due_at, held.until) IS NOT NULL`,
        ),
      );
      return rows.map((row) => ({ destinationId: row.id, readyAt: row.ready_at }));
    },
  };
}

const idRows = z.array(z.object({ id: z.string() }));

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

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
