import { encodeSettings } from '../../core/notifications/route.ts';
import type { SubscriptionStore } from '../../ports/stores/action-store.ts';
import { createAccountTransaction, readAccount } from './sql/account-transaction.ts';
import type { Database } from './sql/database.ts';
import { ensureDestination, turnOn } from './sql/destinations.ts';
import type { Queries } from './sql/queries.ts';
import { refusedRequests } from './sql/refused-requests.ts';
import { encodePerson } from '../../core/text/person.ts';

/** Stores the changes that people make to routes in chat. */
export function createSubscriptionStore(database: Database): SubscriptionStore {
  return {
    withRoutes: (accountId, now, work) =>
      database.transaction(async (queries) => {
        await holdRoutes(queries, accountId);
        return work({
          ...createAccountTransaction(queries, await readAccount(queries, accountId), now),
          ...refusedRequests(queries, accountId, now),
          async saveRoute({ id, destination, origin, by, ...settings }) {
            const { id: destinationId } = await ensureDestination(queries, accountId, destination);
            await turnOn(queries, { id: destinationId }, now);
            await queries.run`
              INSERT INTO route (account_id, id, destination_id, settings, origin, created_by)
              VALUES (${accountId}, ${id}, ${destinationId}::uuid, ${JSON.stringify(encodeSettings(settings))}::jsonb, ${origin}, ${by && encodePerson(by)})
              ON CONFLICT (account_id, id) DO UPDATE
                SET destination_id = excluded.destination_id, settings = excluded.settings, origin = excluded.origin, created_by = excluded.created_by`;
          },
          async removeRoute(id) {
            await queries.run`DELETE FROM route WHERE account_id = ${accountId} AND id = ${id}`;
          },
          async hadDigest(routeId, week) {
            const rows =
              await queries.rows`SELECT 1 FROM digest_run WHERE account_id = ${accountId} AND route_id = ${routeId} AND week = ${week}`;
            return rows.length > 0;
          },
        });
      }),
  };
}

/** Serialises changes to the routes of an account: several processes may start from the same file while people subscribe. */
export async function holdRoutes(queries: Queries, accountId: string): Promise<void> {
  await queries.run`SELECT pg_advisory_xact_lock(hashtext('creditwatch declare'), hashtext(${accountId}))`;
}
