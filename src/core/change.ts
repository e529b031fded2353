import type { Reading } from './reading.ts';

/**
 * What lies between two consecutive readings of a meter. Every rule sees the class, none guesses it from the numbers:
 * - `first`: nothing before it
 * - `reset`: used fell and the period changed, or the earlier period has ended
 * - `presumed-reset`: used fell below a tenth and no period says why
 * - `correction`: used fell inside the period
 * - `top-up` / `plan-cut`: the total grew / shrank
 * - `consumption`: all else, unchanged figures included
 *
 * A balance does not reset, and vendors count it in different ways: some let used rise, some let the total fall, some only
 * say what is left. So what is left decides: when it fell, that was consumed, and when it rose, it was topped up.
 */
export type ChangeKind = 'first' | 'reset' | 'presumed-reset' | 'correction' | 'top-up' | 'plan-cut' | 'consumption';

/** @param resets false for a balance */
export function classifyChange(previous: Reading | null, current: Reading, resets = true): ChangeKind {
  if (previous === null) return 'first';
  if (!resets && current.period === null && previous.total !== null && current.total !== null) return balanceChange(previous, current);
  if (current.used < previous.used) {
    if (periodMoved(previous, current)) return 'reset';
    if (current.used * 10n < previous.used) return 'presumed-reset';
    return 'correction';
  }
  if (previous.total !== null && current.total !== null) {
    if (current.total > previous.total) return 'top-up';
    if (current.total < previous.total) return 'plan-cut';
  }
  return 'consumption';
}

/** True for the changes that begin a new period: the baseline is 0 again and every level is armed. */
export function beginsPeriod(change: ChangeKind): boolean {
  return change === 'reset' || change === 'presumed-reset';
}

/** What was consumed between two readings, below zero where a correction took some back. Of a top-up that hides it nobody knows. */
export function consumedBetween(previous: Reading, current: Reading, change: ChangeKind): bigint {
  if (beginsPeriod(change)) return current.used;
  // Only of a balance has the total moved too: its vendor takes what is used off the total.
  if (change === 'consumption' && previous.total !== null && current.total !== null)
    return previous.total - previous.used - (current.total - current.used);
  const grown = current.used - previous.used;
  return change === 'top-up' && grown < 0n ? 0n : grown;
}

/** A change that people want to hear of as the reason for another, with how much it was: more bought, less included, less used. */
export type Cause = { readonly kind: 'top-up' | 'plan-cut' | 'correction'; readonly amount: bigint };

export function causeOf(previous: Reading | null, current: Reading, change: ChangeKind): Cause | null {
  if (previous === null) return null;
  switch (change) {
    case 'top-up':
      return { kind: change, amount: grownBy(previous, current) };
    case 'plan-cut':
      return { kind: change, amount: (previous.total ?? 0n) - (current.total ?? 0n) };
    case 'correction':
      return { kind: change, amount: previous.used - current.used };
    default:
      return null;
  }
}

/** What used falls by in a balance is a refund up to a twentieth of the total, and above that a top-up that its total does not show. */
const REFUNDED_AT_MOST = 20n;

function balanceChange(previous: Reading, current: Reading): ChangeKind {
  const [before, after] = [previous.total ?? 0n, current.total ?? 0n];
  if (after > before) return 'top-up';
  const risen = after - current.used - (before - previous.used);
  if (risen <= 0n) return 'consumption';
  return after === before && risen * REFUNDED_AT_MOST < before ? 'correction' : 'top-up';
}

/** By how much more there is than before, beside what was consumed. */
function grownBy(previous: Reading, current: Reading): bigint {
  if (previous.total === null || current.total === null) return 0n;
  const usedFell = previous.used > current.used ? previous.used - current.used : 0n;
  return current.total - previous.total + usedFell;
}

function periodMoved(previous: Reading, current: Reading): boolean {
  if (previous.period === null) return false;
  if (current.observedAt >= previous.period.end) return true;
  return current.period !== null && current.period.start.getTime() !== previous.period.start.getTime();
}
