import type { Administration } from '../ports/inbound/administration.ts';
import { serviceAddress } from '../http/public-address.ts';
import { systemClock } from '../app/system-clock.ts';
import { administrationClient } from '../local-api/administration.ts';
import { configure, mutedLogFor } from './configure.ts';
import { acquireLock } from './acquire-lock.ts';
import { findRunning } from './with-operations.ts';
import { errorText } from './error-text.ts';
import type { Terminal } from './terminal.ts';

/**
 * Serves one command about keys or stored data: through the running service of the data folder, so that it takes effect there at once, or
 * directly in the database.
 *
 * @param how.alone if no service runs, prevents one from starting meanwhile
 */
export async function withAdministration(
  terminal: Terminal,
  work: (administration: Administration) => Promise<void>,
  { alone = false }: { readonly alone?: boolean } = {},
): Promise<void> {
  const service = await findRunning(terminal);
  if (service === null) {
    const config = configure(terminal);
    if (config === null) return;
    const [{ createAdministration }, { withDatabase }] = await Promise.all([
      import('../app/administration.ts'),
      import('./with-database.ts'),
    ]);
    const turn = alone ? await acquireLock(config.dataDir) : null;
    if (turn?.ok === false) return terminal.fail(turn.error);
    try {
      return await withDatabase(terminal, config, ({ store, encryption }) =>
        work(
          createAdministration({
            config,
            store,
            encryption,
            clock: systemClock,
            log: mutedLogFor(terminal, config),
            address: () => serviceAddress(config, config.port),
          }),
        ),
      );
    } finally {
      turn?.value.release();
    }
  }
  try {
    await work(administrationClient(service));
  } catch (error) {
    terminal.fail(errorText(error));
  }
}
