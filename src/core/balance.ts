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

/**
 * What shares of a meter are measured against: the total of an allowance, the last top-up of a balance. A share of all that
 * was ever bought says nothing, but until a top-up is seen nothing else is known.
 *
 * @param topUp the last one seen
 * @returns null where there is no share: unlimited, or nothing included
 */
export function measure(meter: Pick<Meter, 'resets'>, reading: Reading, topUp: bigint | null): Measure | null {
  const { used, total } = reading;
  if (total === null) return null;
  const of = isBalance(meter, reading) ? (topUp ?? total) : total;
  return of === 0n ? null : { left: total - used, of };
}

/** Which of two has the smaller share left, by cross-multiplication; what has no share sorts last. */
export function compareLeft(a: Measure | null, b: Measure | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [left, right] = [a.left * b.of, b.left * a.of];
  return left === right ? 0 : left < right ? -1 : 1;
}
