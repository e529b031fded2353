import type { Timer } from '../../core/notifications/timer.ts';
import { usualPlatformName } from '../../core/notifications/route.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Log } from '../../ports/log.ts';
import type { TimerStore } from '../../ports/stores/timer-store.ts';
import { timerHandlers } from './timers/registry.ts';

/** The retry delay of a timer whose work failed. Other timers do not wait for it. */
const AGAIN_AFTER_MS = 60_000;

/**
 * Runs every due timer.
 *
 * @throws {StoreUnavailable} if the database does not answer
 */
export type RunDueTimers = () => Promise<void>;

export function createTimerRunner(options: {
  readonly store: TimerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
  readonly signal: AbortSignal;
  /** Returns the name of a platform; by default, its id capitalized. */
  readonly platformName?: (id: string) => string;
}): RunDueTimers {
  const { store, clock, log, newId, wake, signal, platformName = usualPlatformName } = options;

  return async () => {
    // After a failure the timers run one by one, so that the one that fails does not keep the others.
    let isAlone = false;
    while (!signal.aborted) {
      const now = clock.now();
      let running: readonly Timer[] = [];
      try {
        const woken = await store.run(
          now,
          (kind) => (isAlone ? 1 : timerHandlers[kind].atOnce),
          async (transaction, timers) => {
            running = timers;
            const [first] = timers;
            return first === undefined ? [] : timerHandlers[first.kind].run(transaction, timers, { now, newId, platformName });
          },
        );
        if (woken === null) return;
        for (const destinationId of woken) wake(destinationId);
      } catch (error) {
        const [failed, ...others] = running;
        if (error instanceof StoreUnavailable || failed === undefined) throw error;
        isAlone = true;
        if (others.length > 0) continue;
        log.error({ error, timer: failed }, 'timer failed, retrying in a minute');
        await store.postpone(failed, new Date(now.getTime() + AGAIN_AFTER_MS), now);
      }
    }
  };
}
