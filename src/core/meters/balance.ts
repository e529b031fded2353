import { beginsPeriod, causeOf, type ChangeKind } from './classify-change.ts';
import type { Meter } from './meter.ts';
import type { Reading } from './reading.ts';

/**
 * A meter is an allowance, which resets with its period, or a balance: prepaid, and what is left is all that says
 * something about it. A reading that names its period belongs to an allowance, whatever its source was said to be.
 */
export function isBalance({ resets }: Pick<Meter, 'resets'>, { period }: Pick<Reading, 'period'>): boolean {
  return !resets && period === null;
}

/** What is left, and of what: shares are of `of`. */
export type Measure = { readonly left: bigint; readonly of: bigint };

/** What a meter's history tells of it as a balance. */
export type Filled = {
  /** How much the last top-up was; null before there was one. */
  readonly topUp: bigint | null;
  /** The most that was left since then, or since the first reading; null when no reading could tell. */
  readonly fullest: bigint | null;
};

/** Where used does not show what was bought, less than this part of what a balance was measured against before is credits given back, and no top-up. */
const LEAST_PART = 20n;

/** The same with one more reading. A reading with a period belongs to an allowance: its top-ups are those of the period. */
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
 * What shares of a meter are measured against: the total of an allowance, the last top-up of a balance. A share of all that
 * was ever bought says nothing, but until a top-up is seen nothing else is known than the total, or the most that was left
 * where the vendor takes what is used off the total.
 *
 * @param filled what its history tells; null when there is none
 * @returns null where there is no share: unlimited, or nothing included
 */
export function measure(meter: Pick<Meter, 'resets'>, reading: Reading, filled: Filled | null): Measure | null {
  const { used, total } = reading;
  if (total === null) return null;
  const of = isBalance(meter, reading) ? (filled?.topUp ?? larger(total, filled?.fullest ?? 0n)) : total;
  return of === 0n ? null : { left: total - used, of };
}

/** Which of two has the smaller share left, by cross-multiplication; what has no share sorts last. */
export function compareLeft(a: Measure | null, b: Measure | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [left, right] = [a.left * b.of, b.left * a.of];
  return left === right ? 0 : left < right ? -1 : 1;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
