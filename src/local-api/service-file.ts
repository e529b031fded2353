import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../datadir/system-errors.ts';
import { readPrivateFile, replacePrivateFile } from '../datadir/private-file.ts';

/**
 * `DATA_DIR/service.json` (0600): the URL of the running service, and the token that authorises the command line of the same
 * folder. Each start creates a new token, which is stored nowhere else.
 */
const serviceSchema = z.object({ url: z.url(), pid: z.int(), token: z.string() });
export type ServiceFile = z.infer<typeof serviceSchema>;

export function writeServiceFile(dataDir: string, service: ServiceFile): void {
  replacePrivateFile(join(dataDir, 'service.json'), `${JSON.stringify(service)}\n`);
}

/** Returns null if the file is missing or invalid: then no service can be reached. */
function readServiceFile(dataDir: string): ServiceFile | null {
  try {
    const parsed = serviceSchema.safeParse(JSON.parse(readPrivateFile(join(dataDir, 'service.json'))));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Removes the file if its token shows that it belongs to this start. The pid is not enough: in a container the next process may
 * have the same one.
 */
export function removeServiceFile(dataDir: string, token: string): void {
  if (readServiceFile(dataDir)?.token === token) rmSync(join(dataDir, 'service.json'), { force: true });
}

/**
 * Finds the running service of this folder. A file left by `kill -9` names a process that is gone or does not listen at the URL. A
 * service that is only slow to answer counts as running: ignoring it would open another database.
 */
export async function findService(dataDir: string): Promise<ServiceFile | null> {
  const service = readServiceFile(dataDir);
  if (service === null || !isAlive(service.pid)) return null;
  try {
    const answer = await fetch(new URL('/healthz', service.url), { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok ? service : null;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? service : null;
  }
}
