import { BROKEN, UNAVAILABLE } from '../core/words/sorry.ts';
import { toAsker, type Reply } from '../ports/answer.ts';
import type { Clock } from '../ports/clock.ts';
import { StoreUnavailable } from '../ports/ingest.ts';
import type { Log } from '../ports/log.ts';

/** Whoever asks hears within three seconds that figures are unavailable. */
const PATIENCE_MS = 2500;

/** What `work` comes to, or why it came to nothing, said so that people can read it. Never throws, never waits for long. */
export async function patiently<T>(work: () => Promise<T>, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<T | Reply> {
  const done = new AbortController();
  const tooLong = clock.sleep(PATIENCE_MS, done.signal).then(() => toAsker(UNAVAILABLE));
  try {
    return await Promise.race([work(), tooLong]);
  } catch (error) {
    if (error instanceof StoreUnavailable) return toAsker(UNAVAILABLE);
    log.error({ error }, 'a command failed');
    return toAsker(BROKEN);
  } finally {
    done.abort();
  }
}
