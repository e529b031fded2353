import type { TimerResult, TimerTransaction } from '../../../ports/stores/timer-store.ts';

export type TimerContext = {
  readonly now: Date;
  readonly newId: () => string;
  /** Returns the name of a platform. */
  readonly platformName: (id: string) => string;
};

/** Runs the work of one kind of timer, in the transaction that claimed it. */
export type TimerHandler = (transaction: TimerTransaction, context: TimerContext) => Promise<TimerResult>;
