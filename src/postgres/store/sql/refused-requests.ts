import { z } from 'zod';
import { AHEAD_MS } from '../../../core/time/clock-skew.ts';
import type { RefusedRequest, RefusedRequests } from '../../../ports/stores/action-store.ts';
import { DAY_MS } from '../../../core/time/local-time.ts';
import { addressSchema } from '../../../core/notifications/route.ts';
import { Prisma } from '../../generated/client.ts';
import type { Queries } from './queries.ts';

/** How long the button of a refusal can request permission. */
const KEPT_MS = 30 * DAY_MS;
/** Per person, in addition to the rows that count towards the limit on requests. */
const MOST_KEPT = 50;

/** Stores requests that were refused for lack of permission, in a transaction that holds the account's routes. */
export function refusedRequests(queries: Queries, accountId: string, now: Date): RefusedRequests {
  return {
    async keepRefused({ id, by: { platform, id: by }, command, place }) {
      await queries.run`
        DELETE FROM refused_request WHERE account_id = ${accountId} AND (refused_at < ${new Date(now.getTime() - KEPT_MS)} OR id IN (
          SELECT id FROM refused_request
          WHERE account_id = ${accountId} AND platform = ${platform} AND "by" = ${by} AND id <> ${id}::uuid
            AND (asked_at IS NULL OR asked_at < ${new Date(now.getTime() - DAY_MS)})
          ORDER BY refused_at DESC OFFSET ${MOST_KEPT - 1}::int))`;
      await queries.run`
        INSERT INTO refused_request (id, account_id, platform, "by", command, place, refused_at)
        VALUES (${id}::uuid, ${accountId}, ${platform}, ${by}, ${command}, ${place && JSON.stringify(place)}::jsonb, ${now})
        ON CONFLICT (id) DO UPDATE SET platform = excluded.platform, "by" = excluded."by", command = excluded.command, place = excluded.place,
          refused_at = excluded.refused_at`;
    },
    async refusedRequest(id): Promise<RefusedRequest | null> {
      const [row] = refusedRows.parse(
        await queries.rows`
          SELECT platform, "by", command, place FROM refused_request
          WHERE id = ${id}::uuid AND account_id = ${accountId} AND refused_at >= ${new Date(now.getTime() - KEPT_MS)}`,
      );
      if (row === undefined) return null;
      const { by, platform, command, place } = row;
      return { id, by: { platform, id: by }, command, place };
    },
    async askedSince(since, by) {
      const theirs = by === null ? Prisma.empty : Prisma.sql`AND platform = ${by.platform} AND "by" = ${by.id}`;
      // Rows stamped by a clock that ran ahead do not count.
      const [row] = countRows.parse(
        await queries.rows`
          SELECT count(*)::int AS count FROM refused_request
          WHERE account_id = ${accountId} AND asked_at > ${since} AND asked_at <= ${new Date(now.getTime() + AHEAD_MS)} ${theirs}`,
      );
      return row?.count ?? 0;
    },
    async markAsked(id) {
      await queries.run`UPDATE refused_request SET asked_at = ${now} WHERE id = ${id}::uuid AND account_id = ${accountId}`;
    },
  };
}

const refusedRows = z.array(z.object({ platform: z.string(), by: z.string(), command: z.string(), place: addressSchema.nullable() }));
const countRows = z.array(z.object({ count: z.int() }));
