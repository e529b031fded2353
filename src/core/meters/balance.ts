import { beginsPeriod, causeOf, type ChangeKind } from './classify-change.ts';
import type { Meter } from './meter.ts';
import { knownTotalOf, lacksTotal, type Reading } from './reading.ts';

/**
 * Whether a meter is a balance. An allowance resets with its period; a balance is prepaid and does not, so only what is left describes
 * it. A reading with a period belongs to an allowance, whatever the source was declared as.
 */
export function isBalance({ resets }: Pick<Meter, 'resets'>, { period }: Pick<Reading, 'period'>): boolean {
  return !resets && period === null;
}

/** What is left, and the amount that shares refer to. */
export type Measure = { readonly left: bigint; readonly of: bigint };

/** What a meter's history records about a balance. */
export type Filled = {
  /** The last top-up; null if there was none. */
  readonly topUp: bigint | null;
  /** The most that was left since then, or since the first reading; null if no reading shows it. */
  readonly fullest: bigint | null;
};

/** If `used` does not prove a purchase, an increase of less than this part of the former base is a refund and not a top-up. */
const LEAST_PART = 20n;

/** Returns the record after one more reading. A reading with a period belongs to an allowance: its top-ups are those of the period. */
export function filledBy(
  before: Filled,
  { previous, reading, change }: { readonly previous: Reading | null; readonly reading: Reading; readonly change: ChangeKind },
): Filled {
  const amount = change === 'top-up' ? (causeOf(previous, reading, change)?.amount ?? null) : null;
  if (reading.period !== null || reading.total === null)
    return { topUp: amount ?? (beginsPeriod(change) ? null : before.topUp), fullest: null };
  const left = reading.total - reading.used;
  if (beginsPeriod(change)) return { topUp: null, fullest: left };
  const isSurelyBought = previous !== null && reading.used > 0n && reading.used >= previous.used;
  if (amount !== null && (isSurelyBought || amount * LEAST_PART >= (before.topUp ?? before.fullest ?? 0n)))
    return { topUp: amount, fullest: left };
  const { topUp, fullest } = before;
  return { topUp, fullest: fullest === null || left > fullest ? left : fullest };
}

/**
 * Returns what is left and the base of its share: the total of an allowance, or the last top-up of a balance, because a share of
 * everything ever bought says nothing. Before the first top-up, the base is the total, or the most that was left if the vendor
 * subtracts usage from the total.
 *
 * If only what is left is known, only a balance has a share, because the most that was ever left is no allowance.
 *
 * @param filled from the history; null if there is none
 * @returns null if there is no share: unlimited, not known, or nothing included
 */
export function measure(meter: Pick<Meter, 'resets'>, reading: Reading, filled: Filled | null): Measure | null {
  const { used, total } = reading;
  if (total === null) return null;
  const of = isBalance(meter, reading) ? (filled?.topUp ?? larger(total, filled?.fullest ?? 0n)) : (knownTotalOf(reading) ?? 0n);
  return of === 0n ? null : { left: total - used, of };
}

/** Whether nothing can be said of a meter's share, because its total is not known. */
export function cannotBeJudged({
  meter,
  reading,
  history,
}: {
  readonly meter: Pick<Meter, 'resets'>;
  readonly reading: Reading;
  readonly history: Filled | null;
}): boolean {
  return lacksTotal(reading) && measure(meter, reading, history) === null;
}

/** Compares the shares left by cross-multiplication, smallest first; no share sorts last. */
export function compareLeft(a: Measure | null, b: Measure | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [left, right] = [a.left * b.of, b.left * a.of];
  return left === right ? 0 : left < right ? -1 : 1;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
