import { z } from 'zod';
import { storedDate } from '../json-codecs.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { Figures } from './answer.ts';

/**
 * How long the figures of a meter rest, to find a figure that the vendor no longer updates. Meters rest naturally: at night, at weekends,
 * in holidays, and as long as the credits are not in use. So a rest is compared with the longest one of the same meter.
 */
export const restSchema = z.object({
  /** The first and the latest poll that had the meter. */
  firstAt: storedDate,
  seenAt: storedDate,
  /** How often a figure changed. */
  changes: z.int(),
  /** For how long it has not changed, and the longest such time before. Time without polls does not count. */
  restedMs: z.number(),
  longestMs: z.number(),
});
export type Rest = z.infer<typeof restSchema>;

/** A pause between two polls counts as at most this, or as the interval and a tenth: the service may have been stopped. */
const MOST_BETWEEN_POLLS_MS = DAY_MS;
/** Fewer changes, or a shorter time, do not show how a meter is used. */
const ENOUGH_CHANGES = 10;
const ENOUGH_TIME_MS = 14 * DAY_MS;
/** Longer than the holidays of a company. A balance often outlives the project that it was bought for. */
const LEAST_MS = 14 * DAY_MS;
const LEAST_OF_BALANCE_MS = 30 * DAY_MS;
const TIMES_LONGEST = 3;

/**
 * Returns the rest of a meter after its next figures.
 *
 * @param before null for the first figures
 * @param when.everyMs the poll interval
 */
export function restAfter(
  before: { readonly rest: Rest; readonly figures: Figures } | null,
  figures: Figures,
  { at, everyMs }: { readonly at: Date; readonly everyMs: number },
): Rest {
  if (before === null) return { firstAt: at, seenAt: at, changes: 0, restedMs: 0, longestMs: 0 };
  const { rest } = before;
  const passed = Math.max(0, at.getTime() - rest.seenAt.getTime());
  const restedMs = rest.restedMs + Math.min(passed, Math.max(MOST_BETWEEN_POLLS_MS, everyMs * 1.1));
  if (isSame(before.figures, figures)) return { ...rest, seenAt: at, restedMs };
  return { ...rest, seenAt: at, changes: rest.changes + 1, restedMs: 0, longestMs: Math.max(rest.longestMs, restedMs) };
}

/**
 * Whether figures have not changed for far longer than ever before: 14 days (a balance: 30 days) and three times the longest rest of the
 * meter, after at least ten changes in at least 14 days. Never for an unlimited or unknown total, for a meter that is used up, and for one
 * of which nothing is used: those rest for good reasons, or no alert depends on them.
 */
export function isFrozen({ firstAt, seenAt, changes, restedMs, longestMs }: Rest, figures: Figures, resets: boolean): boolean {
  if (changes < ENOUGH_CHANGES || seenAt.getTime() - firstAt.getTime() < ENOUGH_TIME_MS + restedMs) return false;
  return canMove(figures) && restedMs >= Math.max(resets ? LEAST_MS : LEAST_OF_BALANCE_MS, TIMES_LONGEST * longestMs);
}

function canMove({ used, remaining, total }: Figures): boolean {
  const [spent, left, all] = [numberOf(used), numberOf(remaining), numberOf(total)];
  if (total === null || (all === null && left === null)) return false;
  if (spent !== null && (spent <= 0 || (all !== null && spent >= all))) return false;
  return left === null || (left > 0 && (all === null || left < all));
}

function numberOf(figure: string | null | undefined): number | null {
  return figure === null || figure === undefined || Number.isNaN(Number(figure)) ? null : Number(figure);
}

function isSame(a: Figures, b: Figures): boolean {
  return a.used === b.used && a.remaining === b.remaining && a.total === b.total;
}
