import type { Actor } from '../../core/audit/audit.ts';
import type { UntakenCode } from '../../core/meters/mail.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';

/** Readings as they arrive: not validated, in the order they were sent. */
export type IngestRequest = {
  readonly account: string;
  /** Source id, already validated with `nameSchema`. */
  readonly source: string;
  /** How the readings arrived; decides the kind of a source that no file declares. */
  readonly via: 'push' | 'import' | 'poll';
  /** The sender's id of this event (`webhook-id`). Readings of a repeated event count as duplicates. Null if there is none. */
  readonly eventId: string | null;
  /** The direct message address of the person who pasted the readings in chat; absent otherwise. */
  readonly by?: DestinationAddress;
  /** The person who pasted or imported the readings; absent for push and poll. */
  readonly actor?: Actor;
  readonly arrivedAt: Date;
  readonly readings: readonly unknown[];
  /** The readings have the keys of meters. Without this, an import has the names that people write, and each finds its meter. */
  readonly areKeys?: true;
  /** The readings come from a notice of the vendor, so they may be lower bounds. */
  readonly isNotice?: true;
};

export type IngestReport = {
  readonly accepted: number;
  readonly duplicates: number;
  /** `code`: why figures of a notice do not count yet, or not at all; absent for all other reasons. */
  readonly rejected: readonly {
    readonly index: number;
    readonly reason: string;
    readonly code?: UntakenCode;
  }[];
};

/**
 * The most imported readings in one transaction: enough to keep the cost per reading low, few enough to keep the transaction short. A
 * reader of files passes on this many at a time.
 */
export const MOST_PER_BATCH = 20_000;

/**
 * Commits readings and all their consequences, then resolves. Many readings take several transactions.
 *
 * @throws {StoreUnavailable} if the database does not answer. Unless `isStoredInPart` is set, nothing was committed. What was committed is
 * recognized when the same submission is made again, by its event ID or by the time of each reading.
 */
export type Ingest = (submission: IngestRequest) => Promise<IngestReport>;
