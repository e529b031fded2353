import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { createChat } from '../commands/chat.ts';
import { DEFAULT_ACCOUNT } from '../core/meter.ts';
import { createActions } from '../pipeline/act.ts';
import { createIngest } from '../pipeline/ingest.ts';
import { createSubscriptions } from '../pipeline/subscribe.ts';
import type { Asker } from '../ports/answer.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { systemClock } from '../system-clock.ts';
import { configure, quietLogFor } from './configure.ts';
import { printMessage } from './terminal.ts';
import { withDatabase } from './with-database.ts';

/**
 * `creditwatch usage …`: what `/usage …` answers, here. Straight from the database, whether the service runs beside it or
 * not: what an answer causes is posted by the service's next sweep.
 */
export async function usage(text: string): Promise<void> {
  const config = configure();
  if (config === null) return;
  const [account] = config.accounts;
  await withDatabase(config, async ({ store }) => {
    const parts = { store, clock: systemClock, log: quietLogFor(config), newId: randomUUID, wake: () => {} };
    const chat = createChat({ store, clock: systemClock, parseImport, actions: createActions(parts), subscriptions: createSubscriptions(parts), ingest: createIngest(parts) });
    const reply = await chat.answer(text, terminalAsker(account?.id ?? DEFAULT_ACCOUNT));
    if (reply.kind !== 'done') printMessage(reply.message, account?.timeZone ?? 'UTC');
  });
}

/** Whoever has a shell here may do what an administrator may. */
function terminalAsker(account: string): Asker {
  return { account, platform: 'terminal', user: userInfo().username, invokedAs: 'npx creditwatch usage', place: null, direct: true, isPlatformAdmin: async () => true };
}
