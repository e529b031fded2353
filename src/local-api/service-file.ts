import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../datadir/folder.ts';
import { readPrivateFile, replacePrivateFile } from '../datadir/private-file.ts';

/**
 * `DATA_DIR/service.json` (0600): where the running service listens and the token by which it knows the command line of
 * the same folder. The token is made anew at every start and lives nowhere else.
 */
const serviceSchema = z.object({ url: z.url(), pid: z.int(), token: z.string() });
export type ServiceFile = z.infer<typeof serviceSchema>;

export function writeServiceFile(dataDir: string, service: ServiceFile): void {
  replacePrivateFile(join(dataDir, 'service.json'), `${JSON.stringify(service)}\n`);
}

/** Null when there is no file, or none that can be understood: then there is no service to talk to. */
function readServiceFile(dataDir: string): ServiceFile | null {
  try {
    const parsed = serviceSchema.safeParse(JSON.parse(readPrivateFile(join(dataDir, 'service.json'))));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Removes the file if it is still of this start, known by its token: in containers a successor may have the same pid. */
export function removeServiceFile(dataDir: string, token: string): void {
  if (readServiceFile(dataDir)?.token === token) rmSync(join(dataDir, 'service.json'), { force: true });
}

/**
 * The service of this folder, if it is alive: a file left by `kill -9` names a process that is gone, or one that does not
 * listen there. One that is only slow to answer is alive: to pass it by would be to look into another database.
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
