import type { TimerResult, TimerTransaction } from '../../../ports/stores/timer-store.ts';

export type TimerContext = {
  readonly now: Date;
  readonly newId: () => string;
  /** What a platform is called, by its id. */
  readonly platformName: (id: string) => string;
};

/** What a kind of timer does when it rings, within the transaction that claimed it. */
export type TimerHandler = (transaction: TimerTransaction, context: TimerContext) => Promise<TimerResult>;
