import type { Timer } from '../../../core/notifications/timer.ts';
import type { TimerResult, TimerTransaction } from '../../../ports/stores/timer-store.ts';

export type TimerContext = {
  readonly now: Date;
  readonly newId: () => string;
  /** Returns the name of a platform. */
  readonly platformName: (id: string) => string;
};

/** Does the work of a timer, in the transaction that claimed it. */
export type RunTimer = (transaction: TimerTransaction, timer: Timer, context: TimerContext) => Promise<TimerResult>;

/** The work of one kind of timer. */
export type TimerHandler = {
  /** The most timers that share a transaction. */
  readonly atOnce: number;
  /** Returns a result for each timer. */
  run(transaction: TimerTransaction, timers: readonly Timer[], context: TimerContext): Promise<readonly TimerResult[]>;
};

/** A kind whose timers are worked on one after the other. `atOnce`: the most that share a transaction, and what it reads. */
export function oneByOne(run: RunTimer, atOnce = 1): TimerHandler {
  return {
    atOnce,
    async run(transaction, timers, context) {
      const results: TimerResult[] = [];
      for (const timer of timers) results.push(await run(transaction, timer, context));
      return results;
    },
  };
}
