import { z } from 'zod';
import { decodeSnapshot } from '../../core/notification.ts';
import type { AttemptRow, DeliveryStore } from '../../ports/store.ts';
import type { Database } from './database.ts';
import { addressFromRow } from './rows.ts';

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

    async head({ destinationId }) {
      const row = await database.query((queries) =>
        queries.delivery.findFirst({
          where: { destinationId, status: 'pending' },
          orderBy: { seq: 'asc' },
          include: {
            attempts: { orderBy: { number: 'asc' } },
            notification: true,
            destination: { include: { account: true } },
          },
        }),
      );
      if (row === null) return null;
      const { nextAllowedAt, account } = row.destination;
      return {
        id: row.id,
        snapshot: decodeSnapshot(row.notification.snapshot),
        timeZone: account.timeZone,
        mentions: row.mentions,
        readyAt: nextAllowedAt !== null && nextAllowedAt > row.dueAt ? nextAllowedAt : row.dueAt,
        attempts: row.attempts.map((attempt): AttemptRow => ({ number: attempt.number, startedAt: attempt.startedAt, outcome: outcomeSchema.parse(attempt.outcome) })),
      };
    },

    async startAttempt({ destinationId, fence }, deliveryId, number, now, leaseMs) {
      const started = await database.query(
        (queries) => queries.$executeRaw`
          WITH held AS (
            UPDATE destination SET lease_until = ${later(now, leaseMs)} WHERE id = ${destinationId}::uuid AND fence = ${fence} RETURNING id
          ), interrupted AS (
            UPDATE attempt SET outcome = 'unknown', reason = 'interrupted', finished_at = ${now}
            FROM held WHERE delivery_id = ${deliveryId}::uuid AND outcome IS NULL
          )
          INSERT INTO attempt (delivery_id, number, started_at) SELECT ${deliveryId}::uuid, ${number}::int, ${now}::timestamptz FROM held`,
      );
      return started === 1;
    },

    async finishAttempt({ destinationId, fence }, deliveryId, { number, outcome, reason }, { status, dueAt, messageRef }, { nextAllowedAt, off }, now) {
      const settledAt = status === 'pending' ? null : now;
      const finished = await database.query(
        (queries) => queries.$executeRaw`
          WITH held AS (
            UPDATE destination SET next_allowed_at = ${nextAllowedAt}, off_reason = ${off?.reason ?? null}
            WHERE id = ${destinationId}::uuid AND fence = ${fence} RETURNING id, account_id, kind
          ), others AS (
            UPDATE destination SET off_reason = ${off?.reason ?? null} FROM held
            WHERE ${off?.scope === 'installation'} AND destination.account_id = held.account_id AND destination.kind = held.kind
              AND destination.id <> held.id
          ), made AS (
            UPDATE attempt SET outcome = ${outcome}, reason = ${reason}, finished_at = ${now} FROM held
            WHERE delivery_id = ${deliveryId}::uuid AND number = ${number}::int
          )
          UPDATE delivery SET status = ${status}, due_at = coalesce(${dueAt ?? null}::timestamptz, due_at),
            message_ref = coalesce(${messageRef ?? null}::text, message_ref), settled_at = ${settledAt}::timestamptz
          FROM held WHERE delivery.id = ${deliveryId}::uuid`,
      );
      return finished === 1;
    },

    async release({ destinationId, fence }) {
      await database.query((queries) => queries.destination.updateMany({ where: { id: destinationId, fence }, data: { leaseOwner: null, leaseUntil: null } }));
    },

    async waiting() {
      const rows = waitingRows.parse(
        await database.query(
          (queries) => queries.$queryRaw`
            SELECT destination.id, greatest(head.due_at, destination.next_allowed_at, destination.lease_until) AS ready_at
            FROM destination CROSS JOIN LATERAL (
              SELECT due_at FROM delivery WHERE destination_id = destination.id AND status = 'pending' ORDER BY seq LIMIT 1
            ) AS head
            WHERE destination.off_reason IS NULL`,
        ),
      );
      return rows.map((row) => ({ destinationId: row.id, readyAt: row.ready_at }));
    },
  };
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
