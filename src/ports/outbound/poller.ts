import type { PollOutcome, PollDefinition } from '../../core/meters/poll.ts';

/** Asks vendors for their figures, by what creditwatch.yml says of the source. */
export type Poller = {
  /** Makes one request and understands the answer; never throws for what a vendor or a network can do. Null: no such source here. */
  poll(account: string, source: string, signal: AbortSignal): Promise<PollOutcome | null>;
  /** How often a source is polled. */
  paceOf(account: string, source: string): Pick<PollDefinition, 'everyMs' | 'leastGapMs'> | null;
};
