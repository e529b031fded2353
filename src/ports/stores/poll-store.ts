import type { Drift, DriftState } from '../../core/meters/drift.ts';
import type { PollProblem } from '../../core/meters/poll.ts';

/** The right to poll one source, until another process holds a higher fence. */
export type PollLease = {
  readonly id: string;
  readonly account: string;
  readonly source: string;
  readonly fence: bigint;
  /** Consecutive failed polls before this one. */
  readonly failures: number;
  /** What earlier answers showed. */
  readonly drift: DriftState;
};

export type PollStore = {
  /** All polls, each with the earliest time it may be made. */
  waitingPolls(): Promise<readonly { readonly pollId: string; readonly readyAt: Date }[]>;
  /** Claims a poll; null if it is not due, or if another process holds it. */
  claimPoll(pollId: string, owner: string, now: Date, leaseMs: number): Promise<PollLease | null>;
  /**
   * Stores the result and the time of the next poll, and if it is news, has operations told of it; `drift` null: what is known of the
   * answers stays. Returns false if another process holds a higher fence, and then nothing is stored.
   */
  finishPoll(
    lease: PollLease,
    result: {
      readonly at: Date;
      readonly nextAt: Date;
      readonly succeeded: boolean;
      readonly problem: PollProblem | null;
      readonly drift: Pick<Drift, 'memory' | 'causes' | 'isNews'> | null;
    },
  ): Promise<boolean>;
  /** Releases a poll without a result. It is due again after `leastGapMs`, the shortest gap that the vendor allows between requests. */
  releasePoll(lease: PollLease, leastGapMs: number): Promise<void>;
};
