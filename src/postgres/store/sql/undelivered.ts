import { z } from 'zod';
import { decodeSnapshot, undeliveredEnds } from '../../../core/notifications/notification.ts';
import type { DestinationKind } from '../../../core/notifications/route.ts';
import type { Undelivered } from '../../../ports/stores/read-store.ts';
import type { TimerTransaction } from '../../../ports/stores/timer-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { idRows } from './pending-deliveries.ts';
import { addressFromRow } from './rows.ts';

type Queries = Pick<Prisma.TransactionClient, 'delivery' | 'notification' | '$queryRaw'>;

/** More than this is not named anyway. */
const MOST = 1000;
/** What is told of is of the last outage, and of the one before. */
const TOLD_WITHIN_MS = 2 * 24 * 60 * 60_000;

const endSchema = z.enum(undeliveredEnds);

/**
 * Messages that ended unsaid since an instant, the latest first. Edits are none: they ring nobody, and what is news has a message of its
 * own. Neither are tests, nor what told operations of all this.
 */
export async function readUndelivered(queries: Queries, accountId: string, since: Date): Promise<readonly Undelivered[]> {
  return read(queries, {
    destination: { accountId },
    status: { in: [...undeliveredEnds] },
    action: { not: 'edit' },
    settledAt: { gte: since },
    notification: { kind: { notIn: ['undelivered', 'test'] } },
  });
}

/** The latest first. */
async function read(queries: Queries, where: Prisma.DeliveryWhereInput): Promise<readonly Undelivered[]> {
  const rows = await queries.delivery.findMany({
    where,
    include: { destination: true, notification: true },
    orderBy: { seq: 'desc' },
    take: MOST,
  });
  return rows.map(({ id, destination, notification, status, settledReason, settledAt, createdAt }) => ({
    id,
    place: addressFromRow(destination),
    ended: endSchema.parse(status),
    reason: settledReason ?? '',
    at: settledAt ?? createdAt,
    snapshot: decodeSnapshot(notification.snapshot),
  }));
}

/**
 * Those of a platform that operations were not told of yet, the oldest of the latest first. What was told is known by its ids, since a
 * clock may have been set back meanwhile, and is left out before any are counted: it must not stand in the way of older ones.
 */
export async function readUndeliveredEnds(
  queries: Queries,
  accountId: string,
  kind: DestinationKind,
  now: Date,
): ReturnType<TimerTransaction['undelivered']> {
  const last = await queries.notification.findFirst({
    where: { accountId, kind: 'undelivered', snapshot: { path: ['platform'], equals: kind } },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  });
  const untold = idRows.parse(
    await queries.$queryRaw`
      SELECT delivery.id FROM delivery JOIN destination ON destination.id = delivery.destination_id JOIN notification ON notification.id = delivery.notification_id
      WHERE destination.account_id = ${accountId} AND destination.kind = ${kind} AND delivery.status = ANY(${[...undeliveredEnds]}::text[]) AND delivery.action <> 'edit'
        AND delivery.settled_at >= ${new Date(now.getTime() - TOLD_WITHIN_MS)} AND notification.kind NOT IN ('undelivered', 'test')
        AND delivery.id::text NOT IN (
          SELECT jsonb_array_elements_text(notice.snapshot -> 'deliveries') FROM notification AS notice WHERE notice.account_id = ${accountId} AND notice.kind = 'undelivered'
        )
      ORDER BY delivery.seq DESC LIMIT ${MOST + 1}::int`,
  );
  const ids = untold.slice(0, MOST).map(({ id }) => id);
  const messages = ids.length === 0 ? [] : await read(queries, { id: { in: ids } });
  return { messages: messages.toReversed(), postedDeliveriesOf: last?.createdAt ?? null, hasMore: untold.length > MOST };
}
