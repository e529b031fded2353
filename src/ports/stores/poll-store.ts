import type { PollProblem } from '../../core/meters/poll.ts';

/** The right to poll one source, until somebody else's fence is higher. */
export type PollLease = {
  readonly id: string;
  readonly account: string;
  readonly source: string;
  readonly fence: bigint;
  /** Polls that failed in a row before this one. */ readonly failures: number;
};

export type PollStore = {
  /** All polls there are, with the moment each could be made. */
  waitingPolls(): Promise<readonly { readonly pollId: string; readonly readyAt: Date }[]>;
  /** Null when it is not due, or another process is at it. */
  claimPoll(pollId: string, owner: string, now: Date, leaseMs: number): Promise<PollLease | null>;
  /** Writes what came of it and when the next is due; false when it was overtaken, and then nothing is written. */
  finishPoll(
    lease: PollLease,
    result: { readonly at: Date; readonly nextAt: Date; readonly succeeded: boolean; readonly problem: PollProblem | null },
  ): Promise<boolean>;
  /** Gives it back as it was, but due no sooner than the vendor allows after the request that was given up. */
  releasePoll(lease: PollLease, leastGapMs: number): Promise<void>;
};
