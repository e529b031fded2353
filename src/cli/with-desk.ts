import { findService } from '../datadir/service-file.ts';
import type { Desk } from '../ports/desk.ts';
import { serviceClient } from '../terminal/service-client.ts';
import { configure, dataDir, fail } from './configure.ts';

/**
 * Serves one command: by the running service of the data folder, whose database and accounts count then, else straight
 * from the database. What only the latter needs is loaded for it alone.
 *
 * @param how.declares writes what creditwatch.yml says first, as a start would
 */
export async function withDesk(how: { readonly declares: boolean }, work: (desk: Desk) => Promise<void>): Promise<void> {
  const service = await findService(dataDir());
  if (service === null) {
    const config = configure();
    return config === null ? undefined : (await import('./desk-here.ts')).withDeskHere(config, how, work);
  }
  try {
    await work(serviceClient(service));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}
