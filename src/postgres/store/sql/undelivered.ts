import { z } from 'zod';
import { decodeSnapshot, undeliveredEnds } from '../../../core/notifications/notification.ts';
import type { Undelivered } from '../../../ports/stores/read-store.ts';
import type { TimerTransaction } from '../../../ports/stores/timer-store.ts';
import { Prisma } from '../../generated/client.ts';
import { idRows } from './pending-deliveries.ts';
import type { Queries } from './queries.ts';
import { addressFromRow } from './rows.ts';
import type { PlatformId } from '../../../core/text/person.ts';

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
  return read(
    queries,
    Prisma.sql`destination.account_id = ${accountId} AND delivery.status = ANY(${[...undeliveredEnds]}::text[]) AND delivery.action <> 'edit'
      AND delivery.settled_at >= ${since} AND notification.kind NOT IN ('undelivered', 'test')`,
  );
}

const endedRows = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    address: z.string(),
    isDirect: z.boolean(),
    status: endSchema,
    reason: z.string().nullable(),
    at: z.date(),
    snapshot: z.unknown(),
  }),
);

/** Newest first. */
async function read(queries: Queries, which: Prisma.Sql): Promise<readonly Undelivered[]> {
  const rows = endedRows.parse(
    await queries.rows`
      SELECT delivery.id, destination.kind, address, is_direct AS "isDirect", status, settled_reason AS reason, coalesce(settled_at, delivery.created_at) AS at, snapshot
      FROM delivery JOIN destination ON destination.id = delivery.destination_id JOIN notification ON notification.id = delivery.notification_id
      WHERE ${which} ORDER BY delivery.seq DESC LIMIT ${MOST}::int`,
  );
  return rows.map(({ id, status, reason, at, snapshot, ...place }) => ({
    id,
    place: addressFromRow(place),
    ended: status,
    reason: reason ?? '',
    at,
    snapshot: decodeSnapshot(snapshot),
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
  const [last] = reportRows.parse(
    await queries.rows`
      SELECT created_at AS at FROM notification WHERE account_id = ${accountId} AND kind = 'undelivered' AND snapshot ->> 'platform' = ${kind}
      ORDER BY created_at DESC LIMIT 1`,
  );
  const unreported = idRows.parse(
    await queries.rows`
      SELECT delivery.id FROM delivery JOIN destination ON destination.id = delivery.destination_id JOIN notification ON notification.id = delivery.notification_id
      WHERE destination.account_id = ${accountId} AND destination.kind = ${kind} AND delivery.status = ANY(${[...undeliveredEnds]}::text[]) AND delivery.action <> 'edit'
        AND delivery.settled_at >= ${new Date(now.getTime() - REPORTED_WITHIN_MS)} AND notification.kind NOT IN ('undelivered', 'test')
        AND delivery.id::text NOT IN (
          SELECT jsonb_array_elements_text(notice.snapshot -> 'deliveries') FROM notification AS notice WHERE notice.account_id = ${accountId} AND notice.kind = 'undelivered'
        )
      ORDER BY delivery.seq DESC LIMIT ${MOST + 1}::int`,
  );
  const ids = unreported.slice(0, MOST).map(({ id }) => id);
  const messages = ids.length === 0 ? [] : await read(queries, Prisma.sql`delivery.id = ANY(${ids}::uuid[])`);
  return { messages: messages.toReversed(), lastReportedAt: last?.at ?? null, hasMore: unreported.length > MOST };
}

const reportRows = z.array(z.object({ at: z.date() }));
