import { randomUUID } from 'node:crypto';
import { createChat } from '../commands/chat.ts';
import { createOperations } from '../commands/operations.ts';
import type { Config } from '../config/config.ts';
import { createActions } from '../pipeline/actions/alert-actions.ts';
import { createIngest } from '../pipeline/ingest/ingest.ts';
import { createSubscriptions } from '../pipeline/actions/subscriptions.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import { declarationOf, limitsIn } from '../app/accounts.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { serviceAddress } from '../http/public-address.ts';
import { systemClock } from '../app/system-clock.ts';
import { mutedLogFor } from './configure.ts';
import { postHere } from './post-here.ts';
import { withDatabase } from './with-database.ts';
import { createQueries } from '../queries/queries.ts';
import type { Terminal } from './terminal.ts';

/** Serves one command directly from the database. Messages that it causes are posted at the next start of the service. */
export async function withOperationsInProcess(
  terminal: Terminal,
  config: Config,
  { declares }: { readonly declares: boolean },
  work: (operations: Operations) => Promise<void>,
): Promise<void> {
  await withDatabase(terminal, config, async ({ store }) => {
    if (declares) for (const account of config.accounts) await store.declare(declarationOf(account, config), systemClock.now());
    const parts = { store, clock: systemClock, log: mutedLogFor(terminal, config), newId: randomUUID, wake: () => {} };
    const ingest = createIngest({ ...parts, limits: limitsIn(config) });
    const queries = createQueries({ store, clock: systemClock });
    const chat = createChat({
      queries,
      clock: systemClock,
      parseImport,
      actions: createActions({ ...parts, address: () => serviceAddress(config, config.port) }),
      subscriptions: createSubscriptions(parts),
      ingest,
      tryPlace: async () => null,
    });
    await work(
      createOperations({
        accounts: config.accounts,
        queries,
        store,
        chat,
        ingest,
        clock: systemClock,
        dailyReadingsMs: config.retention.dailyReadingsMs,
        newId: randomUUID,
        post: (id) => postHere(terminal, store, config, id),
      }),
    );
  });
}
