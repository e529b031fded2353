import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findService, type ServiceFile } from '../local-api/service-file.ts';
import type { Operations } from '../ports/inbound/operations.ts';
import { serviceClient } from '../local-api/client.ts';
import { configure, dataDir, demoDataDir } from './configure.ts';
import type { Terminal } from './terminal.ts';

/** A demo that runs, where nothing else was ever started: who types `usage` beside it means that. */
async function findDemo(terminal: Terminal): Promise<ServiceFile | null> {
  const folder = demoDataDir(terminal);
  const demo = folder === null ? null : await findService(folder);
  if (demo === null || folder === null) return null;
  if (existsSync(join(dataDir(terminal), 'postgres'))) {
    terminal.complain(`A demo is also running. For its figures: DATA_DIR=${folder}`);
    return null;
  }
  terminal.complain(`These figures are from the demo (DATA_DIR=${folder}).`);
  return demo;
}

/** The running service that a command speaks to; null when there is none. */
export async function findRunning(terminal: Terminal): Promise<ServiceFile | null> {
  return (await findService(dataDir(terminal))) ?? (await findDemo(terminal));
}

/**
 * Serves one command: by the running service of the data folder, whose database and accounts count then, else straight
 * from the database. What only the latter needs is loaded for it alone.
 *
 * @param how.declares writes what creditwatch.yml says first, as a start would
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
    terminal.fail(error instanceof Error ? error.message : String(error));
  }
}
