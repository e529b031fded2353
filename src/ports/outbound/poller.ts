import type { PollOutcome, PollDefinition } from '../../core/meters/poll.ts';

/** Requests figures from vendors, as creditwatch.yml defines the source. */
export type Poller = {
  /**
   * Makes the requests of a source and maps the response. Never throws for a failure of the vendor or the network. Null if there is no
   * such source.
   *
   * @throws {StoreUnavailable} if the source needs a token and the database does not answer
   */
  poll(account: string, source: string, signal: AbortSignal): Promise<PollOutcome | null>;
  /** The poll interval of a source; null if there is no such source. */
  paceOf(account: string, source: string): Pick<PollDefinition, 'everyMs' | 'leastGapMs'> | null;
};
