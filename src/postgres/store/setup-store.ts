import { z } from 'zod';
import type { SetupStore } from '../../ports/stores/setup-store.ts';
import type { Database } from './sql/database.ts';
import { recordAudit } from './audit-store.ts';
import { contentsOf, deleteReadings } from './sql/delete-account.ts';
import { declare } from './sql/declare.ts';
import { holdMeters } from './sql/hold-meters.ts';
import { Prisma } from '../generated/client.ts';
import { holdRoutes } from './subscription-store.ts';
import { createSecretStore } from './secret-store.ts';
import type { Vault } from './sql/vault.ts';

const clockRows = z.array(z.object({ now: z.date() })).length(1);

/** Stores what `start` writes: the declarations of creditwatch.yml and the keys. */
export function createSetupStore(database: Database, vault: Vault): SetupStore {
  return {
    declare: (account, now) => database.transaction((queries) => declare(queries, account, now)),

    accountContents: (account) => database.query((queries) => contentsOf(queries, account)),

    async deleteAccount(account, again, { actor, now }) {
      // Recorded first, because the deletion takes more than one transaction. The account's own rows of the record are deleted with it.
      await database.transaction((queries) => recordAudit(queries, null, { action: 'account-deleted', actor, about: { account } }, now));
      await deleteReadings(database, account);
      await database.transaction(async (queries) => {
        await holdRoutes(queries, account);
        await holdMeters(queries, Prisma.sql`account_id = ${account}`);
        await queries.run`DELETE FROM account WHERE id = ${account}`;
        if (again !== null) await declare(queries, again, now);
      });
    },

    ...createSecretStore(database, vault),

    async clockSkewMs(now) {
      const before = now().getTime();
      const [row] = clockRows.parse(await database.query((queries) => queries.rows`SELECT clock_timestamp() AS now`));
      const after = now().getTime();
      return (row?.now.getTime() ?? before) - (before + after) / 2;
    },
  };
}
