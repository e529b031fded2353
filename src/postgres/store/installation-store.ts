import { PURGE_AFTER_MS } from '../../core/notifications/timer.ts';
import type { InstallationStore } from '../../ports/stores/setup-store.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { holdSwitches, turnOff } from './sql/destinations.ts';
import { idRows } from './sql/pending-deliveries.ts';
import { platformTables } from './sql/platform-tables.ts';
import { schedulePurge } from './sql/purge.ts';

/** Stores that the app was removed from a workspace or installed again. */
export function createInstallationStore(database: Database): InstallationStore {
  return {
    installationRemoved: (accountId, kind, { code, reason, now, told }) =>
      database.transaction(async (queries) => {
        await holdSwitches(queries);
        const tables = platformTables[kind];
        const installed = (await tables?.installed(queries, accountId)) ?? null;
        if (installed && told && (installed.team !== told.team || told.at < installed.at)) return;
        await tables?.dropToken(queries, accountId);
        const [on] = idRows.parse(
          await queries.rows`SELECT id FROM destination WHERE account_id = ${accountId} AND kind = ${kind} AND disabled_reason IS NULL LIMIT 1`,
        );
        const isNews = on !== undefined || installed?.hasToken === true;
        // The platform does not report who removed the app.
        if (isNews) await recordAudit(queries, accountId, { action: 'uninstall', actor: { platform: kind, id: null } }, now);
        if (on) await turnOff(queries, on.id, { scope: 'installation', code, reason }, now);
        await schedulePurge(queries, accountId, kind, now);
      }),

    async commandNames() {
      const rows = await database.models((models) => models.account.findMany({ where: { slackCommand: { not: null } } }));
      return new Map(rows.flatMap(({ id, slackCommand }) => (slackCommand === null ? [] : [[id, slackCommand] as const])));
    },

    async rememberCommandName(id, slackCommand) {
      await database.models((models) => models.account.updateMany({ where: { id }, data: { slackCommand } }));
    },

    async installationWorks(accountId, kind, at) {
      await database.models((models) =>
        models.timer.deleteMany({
          where: { accountId, kind: 'purge', subject: kind, dueAt: { lt: new Date(at.getTime() + PURGE_AFTER_MS) } },
        }),
      );
    },
  };
}
