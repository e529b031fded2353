import { z } from 'zod';
import { decodeSnapshot, unsaidEnds } from '../../core/notification.ts';
import type { DestinationKind } from '../../core/route.ts';
import type { Undelivered } from '../../ports/read-store.ts';
import type { TimerTransaction } from '../../ports/timer-store.ts';
import type { Prisma } from '../generated/client.ts';
import { addressFromRow } from './rows.ts';

type Queries = Pick<Prisma.TransactionClient, 'delivery' | 'notification'>;

/** More than this is not named anyway. */
const MOST = 1000;
/** What is told of is of the last outage, and of the one before. */
const TOLD_OF_LAST = 50;
const TOLD_WITHIN_MS = 2 * 24 * 60 * 60_000;

const endSchema = z.enum(unsaidEnds);

/**
 * Messages that ended unsaid since an instant, the latest first. Edits are none: they ring nobody, and what is news has a message of its
 * own. Neither are tests, nor what told operations of all this.
 */
export async function readUndelivered(
  queries: Queries,
  accountId: string,
  since: Date,
  kind?: DestinationKind,
): Promise<readonly Undelivered[]> {
  const rows = await queries.delivery.findMany({
    where: {
      destination: { accountId, ...(kind !== undefined && { kind }) },
      status: { in: [...unsaidEnds] },
      action: { not: 'edit' },
      settledAt: { gte: since },
      notification: { kind: { notIn: ['undelivered', 'test'] } },
    },
    include: { destination: true, notification: true },
    orderBy: { seq: 'desc' },
    take: MOST,
  });
  return rows.map(({ id, destination, notification, status, settledBecause, settledAt, createdAt }) => ({
    id,
    place: addressFromRow(destination),
    ended: endSchema.parse(status),
    reason: settledBecause ?? '',
    at: settledAt ?? createdAt,
    snapshot: decodeSnapshot(notification.snapshot),
  }));
}

/** Those of a platform that operations were not told of yet, oldest first. By their ids, since a clock may have been set back meanwhile. */
export async function readUnsaid(
  queries: Queries,
  accountId: string,
  kind: DestinationKind,
  now: Date,
): ReturnType<TimerTransaction['unsaid']> {
  const notices = await queries.notification.findMany({
    where: { accountId, kind: 'undelivered' },
    orderBy: { createdAt: 'desc' },
    take: TOLD_OF_LAST,
  });
  const said = notices.flatMap(({ snapshot: stored, createdAt }) => {
    const snapshot = decodeSnapshot(stored);
    return snapshot.kind === 'undelivered' && snapshot.platform === kind ? [{ snapshot, createdAt }] : [];
  });
  const told = new Set(said.flatMap(({ snapshot }) => snapshot.deliveries));
  const lost = await readUndelivered(queries, accountId, new Date(now.getTime() - TOLD_WITHIN_MS), kind);
  return { messages: lost.filter(({ id }) => !told.has(id)).toReversed(), toldAt: said[0]?.createdAt ?? null };
}
