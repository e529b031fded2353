import type { StorageUse } from '../../core/status/storage-outlook.ts';

/** Where a part of a table begins; the first one at BEGINNING. */
export type Cursor = string;
export const BEGINNING: Cursor = '';

/** Result of one part. `next`: where the next part begins; null after the last one. */
export type Part = { readonly removed: number; readonly next: Cursor | null };

/** The most meters of one part, so that each has some readings beside those that its state follows from. */
export const MOST_METERS = 50;

/** Result of one part of thinning. */
export type ThinnedPart = {
  readonly removed: number;
  /** False if no meter was due. */
  readonly left: boolean;
  /** The next part should have fewer meters or a shorter span, because a meter had more readings than its share. */
  readonly isCrowded: boolean;
  /** The next part can have more meters or a longer span. */
  readonly isSparse: boolean;
};

/**
 * Deletes what is older than it is kept, in parts of bounded size. Nothing is stored about a part that was interrupted: the next one
 * finds the same rows. While another process runs a part, the methods return null and do nothing.
 */
export type RetentionStore = {
  /**
   * Thins the readings of days that ended before an instant, by the time zone of each account: those of `meters` meters, at most
   * `MOST_METERS`, that were thinned least, from there on for up to `spanMs`.
   */
  thin(olderThan: Date, part: { readonly meters: number; readonly spanMs: number }): Promise<ThinnedPart | null>;
  /** Deletes readings, except the current one of each meter and later ones. */
  deleteReadings(olderThan: Date, from: Cursor): Promise<Part | null>;
  /**
   * Deletes notifications with their deliveries and attempts. A thread stays while its alert or its subject is open, while something of it
   * waits, is younger, or is in one message with something that stays.
   */
  deleteDeliveries(olderThan: Date, from: Cursor): Promise<Part | null>;
  /** Deletes closed alerts that have no notifications, with their firings, unless the period in which they fired still goes on. */
  deleteAlerts(olderThan: Date, from: Cursor): Promise<Part | null>;
  /** Measures what is stored. Rows are estimated from samples, so that this is fast in a large database. */
  storageUse(now: Date): Promise<StorageUse>;
};
