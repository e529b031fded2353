import { z } from 'zod';
import { decodeSnapshot, undeliveredEnds } from '../../../core/notifications/notification.ts';
import type { Undelivered } from '../../../ports/stores/read-store.ts';
import type { TimerTransaction } from '../../../ports/stores/timer-store.ts';
import type { Prisma } from '../../generated/client.ts';
import { idRows } from './pending-deliveries.ts';
import { addressFromRow } from './rows.ts';
import type { PlatformId } from '../../../core/text/person.ts';

type Queries = Pick<Prisma.TransactionClient, 'delivery' | 'notification' | '$queryRaw'>;

/** A report names fewer than this. */
const MOST = 1000;
/** Covers the last outage and the one before. */
const REPORTED_WITHIN_MS = 2 * 24 * 60 * 60_000;

const endSchema = z.enum(undeliveredEnds);

/**
 * Reads messages that ended undelivered since an instant, newest first. Edits are left out, because they notify no one and news
 * gets its own message. Tests and the reports to operations are left out, too.
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

/** Newest first. */
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
 * Reads the undelivered messages of a platform that operations do not know of yet: of the newest ones, oldest first. Reported
 * messages are recognised by id, because the clock may have been set back. They are left out before the limit applies, so that they
 * do not hide older ones.
 */
export async function readUndeliveredEnds(
  queries: Queries,
  accountId: string,
  kind: PlatformId,
  now: Date,
): ReturnType<TimerTransaction['undelivered']> {
  const last = await queries.notification.findFirst({
    where: { accountId, kind: 'undelivered', snapshot: { path: ['platform'], equals: kind } },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  });
  const unreported = idRows.parse(
    await queries.$queryRaw`
      SELECT delivery.id FROM delivery JOIN destination ON destination.id = delivery.destination_id JOIN notification ON notification.id = delivery.notification_id
      WHERE destination.account_id = ${accountId} AND destination.kind = ${kind} AND delivery.status = ANY(${[...undeliveredEnds]}::text[]) AND delivery.action <> 'edit'
        AND delivery.settled_at >= ${new Date(now.getTime() - REPORTED_WITHIN_MS)} AND notification.kind NOT IN ('undelivered', 'test')
        AND delivery.id::text NOT IN (
          SELECT jsonb_array_elements_text(notice.snapshot -> 'deliveries') FROM notification AS notice WHERE notice.account_id = ${accountId} AND notice.kind = 'undelivered'
        )
      ORDER BY delivery.seq DESC LIMIT ${MOST + 1}::int`,
  );
  const ids = unreported.slice(0, MOST).map(({ id }) => id);
  const messages = ids.length === 0 ? [] : await read(queries, { id: { in: ids } });
  return { messages: messages.toReversed(), lastReportedAt: last?.createdAt ?? null, hasMore: unreported.length > MOST };
}
