import { DAY_MS } from '../time/local-time.ts';
import type { Retention } from '../meters/retention.ts';

/** How much a table takes and how it grows. Rows and their sizes are estimates from a sample. */
export type TableUse = {
  readonly rows: number;
  /** The table with its indexes, and with space that is free for new rows. */
  readonly bytes: number;
  /** A row with its share of the indexes. */
  readonly rowBytes: number;
  /** Rows that came in the last days (`StorageUse.days`). */
  readonly recentRows: number;
};

/** How much the database takes. */
export type StorageUse = {
  readonly databaseBytes: number;
  readonly readings: TableUse;
  /** Notifications, deliveries and attempts. */
  readonly deliveries: readonly TableUse[];
  /** The days that the growth is measured over, up to a week; less than one while the database is younger. */
  readonly days: number;
};

/** How the database grows. */
export type StorageOutlook = {
  /** Null in the first day: too early to tell. */
  readonly growthPerDay: number | null;
  /** The size at which as much is deleted as comes, at this pace; null if something that grows is kept for ever. */
  readonly levelsOffAtBytes: number | null;
  /** How many days the free space lasts at this pace; null if it lasts until the size levels off, or is unknown. */
  readonly lastsDays: number | null;
};

/**
 * Computes how a database grows if readings and deliveries come as they came in the last days.
 *
 * @param freeBytes of the disk; null if it is unknown
 */
export function storageOutlook(use: StorageUse, retention: Retention, freeBytes: number | null): StorageOutlook {
  if (use.days < 1) return { growthPerDay: null, levelsOffAtBytes: null, lastsDays: null };
  const parts = [
    partOf(use.readings, use.days, retention.allReadingsMs),
    ...use.deliveries.map((table) => partOf(table, use.days, retention.deliveriesMs)),
  ];
  const growthPerDay = sum(parts.map((part) => part.perDay));
  const more = sum(parts.map((part) => part.more));
  const lastsDays = freeBytes === null || growthPerDay === 0 || more <= freeBytes ? null : Math.floor(freeBytes / growthPerDay);
  return {
    growthPerDay: Math.round(growthPerDay),
    levelsOffAtBytes: Number.isFinite(more) ? Math.round(use.databaseBytes + more) : null,
    lastsDays,
  };
}

/** `more`: how much a table grows until as much is deleted as comes. */
function partOf(
  { rows, rowBytes, recentRows }: TableUse,
  days: number,
  keptMs: number | null,
): { readonly perDay: number; readonly more: number } {
  const perDay = (recentRows * rowBytes) / days;
  if (perDay === 0) return { perDay, more: 0 };
  return { perDay, more: keptMs === null ? Infinity : Math.max(0, perDay * (keptMs / DAY_MS) - rows * rowBytes) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
