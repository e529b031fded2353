import { answerMeter } from '../commands/meter.ts';
import { answerOverview, readOverview } from '../commands/overview.ts';
import type { Config } from '../config/config.ts';
import { DEFAULT_ACCOUNT } from '../core/meter.ts';
import type { Overview } from '../core/overview.ts';
import { findService } from '../datadir/service-file.ts';
import { systemClock } from '../system-clock.ts';
import { configure } from './configure.ts';
import { serviceClient } from './service-client.ts';
import { fail } from './start.ts';
import { printMessage } from './terminal.ts';
import { withDatabase } from './with-database.ts';

const INVOKED_AS = 'npx creditwatch usage';

/** `creditwatch usage [meter]`: what `/usage` answers, here. */
export async function usage(meter: string): Promise<void> {
  const config = configure();
  if (config === null) return;
  const service = await findService(config.dataDir);
  if (service !== null) {
    try {
      return show(await serviceClient(service).overview(), meter, config);
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
  }
  await withDatabase(config, async ({ store }) => show(await readOverview(store, config.accounts[0]?.id ?? DEFAULT_ACCOUNT, systemClock), meter, config));
}

function show(overview: Overview, meter: string, config: Config): void {
  const routed = config.accounts.some((account) => account.routes.length > 0);
  const message = meter.trim() === '' ? answerOverview(overview, { routed, invokedAs: INVOKED_AS }) : answerMeter(meter, overview, INVOKED_AS);
  printMessage(message, config.accounts[0]?.timeZone ?? 'UTC');
}
