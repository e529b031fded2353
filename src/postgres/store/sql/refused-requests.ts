import { z } from 'zod';
import { AHEAD_MS } from '../../../core/time/clock-skew.ts';
import type { RefusedRequest, RefusedRequests } from '../../../ports/stores/action-store.ts';
import { DAY_MS } from '../../../core/time/local-time.ts';
import { Prisma } from '../../generated/client.ts';
import { toJson } from './json.ts';

const placeSchema = z.object({ kind: z.string(), address: z.string(), direct: z.boolean().optional() });

/** How long the button of a refusal can request permission. */
const KEPT_MS = 30 * DAY_MS;
/** Per person, in addition to the rows that count towards the limit on requests. */
const MOST_KEPT = 50;

/** Stores requests that were refused for lack of permission, in a transaction that holds the account's routes. */
export function refusedRequests(queries: Prisma.TransactionClient, accountId: string, now: Date): RefusedRequests {
  return {
    async keepRefused({ id, by: { platform, id: by }, command, place }) {
      const old = await queries.refusedRequest.findMany({
        where: { accountId, platform, by, id: { not: id }, OR: [{ askedAt: null }, { askedAt: { lt: new Date(now.getTime() - DAY_MS) } }] },
        orderBy: { refusedAt: 'desc' },
        skip: MOST_KEPT - 1,
        select: { id: true },
      });
      await queries.refusedRequest.deleteMany({
        where: { accountId, OR: [{ id: { in: old.map((one) => one.id) } }, { refusedAt: { lt: new Date(now.getTime() - KEPT_MS) } }] },
      });
      const row = { platform, by, command, place: place === null ? Prisma.DbNull : toJson(place), refusedAt: now };
      await queries.refusedRequest.upsert({ where: { id }, create: { id, accountId, ...row }, update: row });
    },
    async refusedRequest(id): Promise<RefusedRequest | null> {
      const row = await queries.refusedRequest.findFirst({
        where: { id, accountId, refusedAt: { gte: new Date(now.getTime() - KEPT_MS) } },
      });
      if (row === null) return null;
      const { by, platform, command, place } = row;
      return { id, by: { platform, id: by }, command, place: place === null ? null : placeSchema.parse(place) };
    },
    askedSince: (since, by) =>
      queries.refusedRequest.count({
        // Rows stamped by a clock that ran ahead do not count.
        where: {
          accountId,
          askedAt: { gt: since, lte: new Date(now.getTime() + AHEAD_MS) },
          ...(by !== null && { platform: by.platform, by: by.id }),
        },
      }),
    async markAsked(id) {
      await queries.refusedRequest.updateMany({ where: { id, accountId }, data: { askedAt: now } });
    },
  };
}
