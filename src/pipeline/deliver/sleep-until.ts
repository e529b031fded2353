import type { Clock } from '../../ports/clock.ts';

/**
 * Sleeps until an instant by the clock, or until the signal aborts. A timer counts from the beginning of the turn that set it, so it can
 * fire some milliseconds early, and a message that is early is refused.
 */
export async function sleepUntil(clock: Clock, instant: Date, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const waitMs = instant.getTime() - clock.now().getTime();
    if (waitMs <= 0 || signal?.aborted) return;
    await clock.sleep(waitMs, ...(signal ? [signal] : []));
  }
}
