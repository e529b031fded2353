import type { Actor } from '../../core/audit/audit.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';

/** Readings as they arrive from any source: unchecked elements, in the order they were sent. */
export type IngestRequest = {
  readonly account: string;
  /** Source id, already checked with `nameSchema`. */
  readonly source: string;
  /** How the readings came, for a source that no file declares. */
  readonly via: 'push' | 'import' | 'poll';
  /** The sender's id of this event (`webhook-id`): the same one again is counted as duplicates. Null when there is none. */
  readonly eventId: string | null;
  /** Who pasted it, as a direct message reaches them; absent for what no person did in chat. */
  readonly by?: DestinationAddress;
  /** Who pasted or imported it; absent for what no person did. */
  readonly actor?: Actor;
  readonly arrivedAt: Date;
  readonly readings: readonly unknown[];
};

export type IngestReport = {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
};

/** Readings that one transaction takes: enough to make its cost small for each, few enough to keep it short. Who has many hands over as many at a time. */
export const MOST_PER_BATCH = 20_000;

/** What StoreUnavailable says of a database that cannot be reached. */
export const UNANSWERED = 'the database does not answer';

/** Thrown by the store when the database cannot be reached, does not answer in time or takes nothing now: nothing was committed. The message says why. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** Thrown by the store when the database refuses what it was asked: a fault of ours, or of how it is set up. Nothing was committed. The message is for the operator. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}

/** Commits readings and all they cause, then answers. Throws StoreUnavailable when the database is away. */
export type Ingest = (submission: IngestRequest) => Promise<IngestReport>;
