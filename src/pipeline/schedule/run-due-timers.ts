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
    /** How many timers of a kind and account run one by one, because one of a set failed or the set took too long. */
    const alone = new Map<string, number>();
    while (!signal.aborted) {
      const now = clock.now();
      let running: readonly Timer[] = [];
      try {
        const woken = await store.run(
          now,
          (kind, account) => (alone.has(setOf({ kind, account })) ? 1 : timerHandlers[kind].atOnce),
          async (transaction, timers) => {
            running = timers;
            const [first] = timers;
            return first === undefined ? [] : timerHandlers[first.kind].run(transaction, timers, { now, newId, platformName });
          },
        );
        if (woken === null) return;
        for (const destinationId of woken) wake(destinationId);
        countDown(alone, running);
      } catch (error) {
        const [failed, ...others] = running;
        const isOutage = error instanceof StoreUnavailable && !error.tookTooLong;
        if (isOutage || failed === undefined) throw error;
        if (others.length > 0) {
          alone.set(setOf(failed), running.length);
          continue;
        }
        log.error({ error, timer: failed }, 'timer failed, retrying in a minute');
        await store.postpone(failed, new Date(now.getTime() + AGAIN_AFTER_MS), now);
        countDown(alone, running);
      }
    }
  };
}

function setOf({ kind, account }: Pick<Timer, 'kind' | 'account'>): string {
  return `${kind} ${account}`;
}

function countDown(alone: Map<string, number>, [timer]: readonly Timer[]): void {
  const left = timer === undefined ? undefined : alone.get(setOf(timer));
  if (timer === undefined || left === undefined) return;
  if (left > 1) alone.set(setOf(timer), left - 1);
  else alone.delete(setOf(timer));
}
