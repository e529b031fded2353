import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findService, type ServiceFile } from '../local-api/service-file.ts';
import { demoAlsoRunsText, demoFiguresText } from '../messages/replies/operations.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import { serviceClient } from '../local-api/client.ts';
import { configure, dataDir, demoDataDir } from './configure.ts';
import { errorText } from './error-text.ts';
import type { Terminal } from './terminal.ts';

/** Finds a running demo if no other service was ever started here, so that `usage` next to a demo shows its figures. */
async function findDemo(terminal: Terminal): Promise<ServiceFile | null> {
  const folder = demoDataDir(terminal);
  const demo = folder === null ? null : await findService(folder);
  if (demo === null || folder === null) return null;
  if (existsSync(join(dataDir(terminal), 'postgres'))) {
    terminal.complain(demoAlsoRunsText(folder));
    return null;
  }
  terminal.complain(demoFiguresText(folder));
  return demo;
}

/** Finds the running service for a command. Null if there is none. */
export async function findRunning(terminal: Terminal): Promise<ServiceFile | null> {
  return (await findService(dataDir(terminal))) ?? (await findDemo(terminal));
}

/**
 * Serves one command: through the running service of the data folder, with the service's database and accounts, or directly from the
 * database. The code for the latter is imported only if needed.
 *
 * @param how.declares first stores the declarations of creditwatch.yml, as a start would
 */
export async function withOperations(
  terminal: Terminal,
  how: { readonly declares: boolean },
  work: (operations: Operations) => Promise<void>,
): Promise<void> {
  const service = await findRunning(terminal);
  if (service === null) {
    const config = configure(terminal);
    return config === null ? undefined : (await import('./operations-in-process.ts')).withOperationsInProcess(terminal, config, how, work);
  }
  try {
    await work(serviceClient(service));
  } catch (error) {
    terminal.fail(errorText(error));
  }
}
