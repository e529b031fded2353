import { encodeSettings } from '../../core/notifications/route.ts';
import type { SubscriptionStore } from '../../ports/stores/action-store.ts';
import type { Prisma } from '../generated/client.ts';
import { createAccountTransaction } from './sql/account-transaction.ts';
import type { Database } from './sql/database.ts';
import { ensureDestination, turnOn } from './sql/destinations.ts';
import { toJson } from './sql/json.ts';
import { refusedRequests } from './sql/refused-requests.ts';
import { encodePerson } from '../../core/text/person.ts';

type Queries = Prisma.TransactionClient;

/** Stores the changes that people make to routes in chat. */
export function createSubscriptionStore(database: Database): SubscriptionStore {
  return {
    withRoutes: (accountId, now, work) =>
      database.transaction(async (queries) => {
        await holdRoutes(queries, accountId);
        const { timeZone } = await queries.account.findUniqueOrThrow({ where: { id: accountId } });
        return work({
          ...createAccountTransaction(queries, { id: accountId, timeZone }, now),
          ...refusedRequests(queries, accountId, now),
          async saveRoute({ id, destination, origin, by, ...settings }) {
            const destinationId = await ensureDestination(queries, accountId, destination);
            await turnOn(queries, { id: destinationId }, now);
            const row = { destinationId, settings: toJson(encodeSettings(settings)), origin, createdBy: by && encodePerson(by) };
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

/** Serialises changes to the routes of an account: several processes may start from the same file while people subscribe. */
export async function holdRoutes(queries: Queries, accountId: string): Promise<void> {
  await queries.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('creditwatch declare'), hashtext(${accountId}))`;
}
