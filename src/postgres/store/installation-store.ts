import { personPattern, type DestinationKind } from '../../core/route.ts';
import { PURGE_AFTER_MS } from '../../core/timer.ts';
import type { InstallationStore } from '../../ports/setup-store.ts';
import type { Prisma } from '../generated/client.ts';
import type { Database } from './database.ts';
import { holdSwitches, turnOff } from './destinations.ts';

type Queries = Prisma.TransactionClient;

/** A workspace that the app was removed from, and its coming back. */
export function createInstallationStore(database: Database): InstallationStore {
  return {
    installationRemoved: (accountId, kind, { reason, purgeAt, now }) =>
      database.transaction(async (queries) => {
        await holdSwitches(queries);
        const on = await queries.destination.findFirst({ where: { accountId, kind, offReason: null } });
        if (on) await turnOff(queries, on.id, { scope: 'installation', reason }, now);
        // The second to say so does not make it later; but one that the app came back from is over.
        const where = { accountId_kind_subject: { accountId, kind: 'purge', subject: kind } };
        const known = await queries.timer.findUnique({ where });
        if (known && !(await hasDeliveredTo(queries, accountId, kind, new Date(known.dueAt.getTime() - PURGE_AFTER_MS)))) return;
        await queries.timer.upsert({ where, create: { accountId, kind: 'purge', subject: kind, dueAt: purgeAt }, update: { dueAt: purgeAt } });
      }),

    async commandNames() {
      const rows = await database.query((queries) => queries.account.findMany({ where: { slackCommand: { not: null } } }));
      return new Map(rows.flatMap(({ id, slackCommand }) => (slackCommand === null ? [] : [[id, slackCommand] as const])));
    },

    async rememberCommandName(id, slackCommand) {
      await database.query((queries) => queries.account.updateMany({ where: { id }, data: { slackCommand } }));
    },

    async installationWorks(accountId, kind) {
      await database.query((queries) => queries.timer.deleteMany({ where: { accountId, kind: 'purge', subject: kind } }));
    },
  };
}

export async function hasDeliveredTo(queries: Queries, accountId: string, kind: DestinationKind, since: Date): Promise<boolean> {
  return (await queries.delivery.count({ where: { destination: { accountId, kind }, status: 'sent', settledAt: { gt: since } } })) > 0;
}

/**
 * Forgets a platform: what chat subscribed, its channels and people with all that was delivered to them, and who did what. The
 * figures, and that there were alerts, are the account's own and stay. What creditwatch.yml declares comes back with the next start.
 */
export async function purge(queries: Queries, accountId: string, kind: DestinationKind): Promise<void> {
  await holdSwitches(queries);
  await queries.destination.deleteMany({ where: { accountId, kind } });
  await queries.$executeRaw`DELETE FROM notification WHERE account_id = ${accountId} AND NOT EXISTS (SELECT FROM delivery WHERE notification_id = notification.id)`;
  await queries.$executeRaw`UPDATE source SET fed_by = NULL WHERE account_id = ${accountId} AND fed_by ->> 'kind' = ${kind}`;
  const people = personPattern(kind);
  if (people === null) return;
  await queries.$executeRaw`UPDATE source SET period_by = '' WHERE account_id = ${accountId} AND period_by ~* ${people}`;
  await queries.$executeRaw`UPDATE source SET asked_off_by = '' WHERE account_id = ${accountId} AND asked_off_by ~* ${people}`;
  await queries.$executeRaw`UPDATE meter SET snoozed = NULL WHERE account_id = ${accountId} AND snoozed ->> 'by' ~* ${people}`;
  await queries.$executeRaw`
    UPDATE alert SET acknowledged_by = NULL, acknowledged_at = NULL, status = CASE WHEN status = 'acknowledged' THEN 'firing' ELSE status END
    WHERE account_id = ${accountId} AND acknowledged_by ~* ${people}`;
  await queries.$executeRaw`UPDATE alert SET requested_by = NULL, requested_at = NULL WHERE account_id = ${accountId} AND requested_by ~* ${people}`;
}
