import { randomUUID } from 'node:crypto';
import { routeSettingsSchema, type DestinationAddress } from '../../core/route.ts';
import type { SubscriptionStore } from '../../ports/store.ts';
import type { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './account-transaction.ts';
import type { Database } from './database.ts';
import { toJson } from './json.ts';

type Queries = Prisma.TransactionClient;

/** What chat changes of an account's routes. */
export function createSubscriptionStore(database: Database): SubscriptionStore {
  return {
    withRoutes: (accountId, now, work) =>
      database.transaction(async (queries) => {
        await holdRoutes(queries, accountId);
        const { timeZone } = await queries.account.findUniqueOrThrow({ where: { id: accountId } });
        return work({
          ...createAccountTransaction(queries, { id: accountId, timeZone }, now),
          async saveRoute({ id, destination, origin, by, ...settings }) {
            const destinationId = await ensureDestination(queries, accountId, destination);
            await turnOn(queries, { id: destinationId }, now);
            const row = { destinationId, settings: toJson(routeSettingsSchema.parse(settings)), origin, createdBy: by };
            await queries.route.upsert({ where: { accountId_id: { accountId, id } }, create: { accountId, id, ...row }, update: row });
          },
          async removeRoute(id) {
            await queries.route.deleteMany({ where: { accountId, id } });
          },
          hadDigest: async (routeId, week) => (await queries.digestRun.count({ where: { accountId, routeId, week } })) > 0,
        });
      }),
  };
}

/** Several processes start at once from the same file, and people subscribe meanwhile: one after the other. */
export async function holdRoutes(queries: Queries, accountId: string): Promise<void> {
  await queries.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('creditwatch declare'), hashtext(${accountId}))`;
}

/** @returns the id of the destination, which is made if it is new and changed by `set`. */
export async function ensureDestination(queries: Queries, accountId: string, { kind, address }: DestinationAddress, set: { readonly fallback?: true } = {}): Promise<string> {
  const { id } = await queries.destination.upsert({
    where: { accountId_kind_address: { accountId, kind, address } },
    create: { id: randomUUID(), accountId, kind, address, ...set },
    update: set,
  });
  return id;
}

/** Sends to destinations again that were off. Their routes hear what is open meanwhile. */
export async function turnOn(queries: Queries, which: { readonly id: string } | { readonly accountId: string }, now: Date): Promise<void> {
  const on = await queries.destination.updateManyAndReturn({ where: { ...which, offReason: { not: null } }, data: { offReason: null } });
  const routes = await queries.route.findMany({ where: { destinationId: { in: on.map(({ id }) => id) } } });
  for (const { accountId, id } of routes) await ringPresent(queries, accountId, id, now);
}

export async function ringPresent(queries: Queries, accountId: string, routeId: string, now: Date): Promise<void> {
  const where = { accountId_kind_subject: { accountId, kind: 'present', subject: routeId } };
  await queries.timer.upsert({ where, create: { accountId, kind: 'present', subject: routeId, dueAt: now }, update: { dueAt: now } });
}
