import type { PollDefinition, PollOutcome, PollProblem } from '../../core/meters/poll.ts';
import type { IngestReport } from '../inbound/ingest.ts';

/** What a mailbox brought. Each mail is an event of its own, which counts once. */
export type PolledMails = {
  readonly outcome: 'mails';
  readonly mails: readonly { readonly eventId: string; readonly reading: unknown }[];
  /**
   * Remembers the mails, after their figures were committed. `reports`: one for each mail, in their order. Returns what operators
   * should know of the mails of the last days.
   *
   * @throws {StoreUnavailable} if the database does not answer; the mails are read again
   */
  readonly settle: (reports: readonly IngestReport[]) => Promise<PollProblem | null>;
};

/** Requests figures from vendors, as creditwatch.yml defines the source. */
export type Poller = {
  /**
   * Makes the requests of a source and maps the response. Never throws for a failure of the vendor or the network. Null if there is no
   * such source.
   *
   * @throws {StoreUnavailable} if the source needs a token, or its mails, and the database does not answer
   */
  poll(account: string, source: string, signal: AbortSignal): Promise<PollOutcome | PolledMails | null>;
  /** The poll interval of a source; null if there is no such source. */
  paceOf(account: string, source: string): Pick<PollDefinition, 'everyMs' | 'leastGapMs'> | null;
};
