import type { Administration } from '../ports/administration.ts';
import { systemClock } from '../system-clock.ts';
import { administrationClient } from '../terminal/administration.ts';
import { configure, fail, quietLogFor } from './configure.ts';
import { findRunning } from './with-desk.ts';

/**
 * Serves one command about keys or about what is stored: by the running service of the data folder, so that it takes effect there at
 * once, else in the database right here.
 */
export async function withAdministration(work: (administration: Administration) => Promise<void>): Promise<void> {
  const service = await findRunning();
  if (service === null) {
    const config = configure();
    if (config === null) return;
    const [{ createAdministration }, { withDatabase }] = await Promise.all([
      import('../service-administration.ts'),
      import('./with-database.ts'),
    ]);
    return withDatabase(config, ({ store }) => work(createAdministration({ config, store, clock: systemClock, log: quietLogFor(config) })));
  }
  try {
    await work(administrationClient(service));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}
