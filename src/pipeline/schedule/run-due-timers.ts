import { usualPlatformName } from '../../core/notifications/route.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { Log } from '../../ports/log.ts';
import type { TimerStore, TimerTransaction } from '../../ports/stores/timer-store.ts';
import { timerHandlers } from './timers/registry.ts';

/** When the work of a timer failed it is tried again after this; the others do not wait for it. */
const AGAIN_AFTER_MS = 60_000;

/** Rings every timer that is due. Throws StoreUnavailable when the database is away. */
export type RunDueTimers = () => Promise<void>;

export function createTimerRunner(options: {
  readonly store: TimerStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly wake: (destinationId: string) => void;
  readonly signal: AbortSignal;
  /** What a platform is called, by its id; without it, as the id says. */
  readonly platformName?: (id: string) => string;
}): RunDueTimers {
  const { store, clock, log, newId, wake, signal, platformName = usualPlatformName } = options;

  return async () => {
    while (!signal.aborted) {
      const now = clock.now();
      let ringing: TimerTransaction['timer'] | null = null;
      try {
        const woken = await store.run(now, (transaction) => {
          ringing = transaction.timer;
          return timerHandlers[transaction.timer.kind](transaction, { now, newId, platformName });
        });
        if (woken === null) return;
        for (const destinationId of woken) wake(destinationId);
      } catch (error) {
        if (error instanceof StoreUnavailable || ringing === null) throw error;
        log.error({ error, timer: ringing }, 'what was due failed; it is tried again in a minute');
        await store.postpone(ringing, new Date(now.getTime() + AGAIN_AFTER_MS), now);
      }
    }
  };
}
