import { setTimeout as wait } from 'node:timers/promises';
import { err, ok, type Result } from '../core/result.ts';
import { dataFolderText } from '../messages/failures/data-folder.ts';
import { runsAlreadyText, startsAlreadyText } from '../messages/replies/start.ts';
import { findService } from '../local-api/service-file.ts';
import { acquireStartupLock } from '../datadir/startup-lock.ts';

/** At a restart, the new service starts while the old one still stops. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits until no other service runs or starts from the data folder, on any port. Two services would write one `service.json`, and the
 * command line would find only one of them.
 *
 * @param patienceMs how long to wait, in milliseconds
 * @returns the lock, to be released after `service.json` is written or the start has failed; or why the service must not start
 */
export async function acquireLock(dataDir: string, patienceMs = PATIENCE_MS): Promise<Result<{ release(): void }, string>> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    let running = await findService(dataDir);
    let starting: number | null = null;
    if (running === null) {
      const claim = acquireStartupLock(dataDir);
      if (!claim.ok) return err(dataFolderText(claim.error));
      if (claim.value.kind === 'mine') {
        // The previous owner may have started just now.
        running = await findService(dataDir);
        if (running === null) return ok(claim.value);
        claim.value.release();
      } else starting = claim.value.pid;
    }
    if (performance.now() > deadline)
      return err(running === null ? startsAlreadyText(dataDir, starting) : runsAlreadyText(dataDir, running));
    await wait(LOOK_EVERY_MS);
  }
}
