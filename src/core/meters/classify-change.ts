import { DAY_MS } from '../time/local-time.ts';
import { contains, endWithTheirCalls, hasSameStart, JITTER_MS, movesByDays, slides, type Period } from '../time/period.ts';
import type { Reading } from './reading.ts';

/**
 * What lies between two consecutive readings of a meter. Every rule sees the class, none guesses it from the numbers:
 * - `first`: nothing before it
 * - `reset`: a new period began, whether used fell or not; or used fell and the earlier period has ended, or is about to
 * - `presumed-reset`: used fell to a tenth or less and no period says why
 * - `correction`: used fell inside the period
 * - `top-up` / `plan-cut`: the total grew / shrank
 * - `consumption`: all else, unchanged figures included
 *
 * A balance does not reset, and vendors count it in different ways: some let used rise, some let the total fall, some only
 * say what is left. So what is left decides: when it fell, that was consumed, and when it rose, it was topped up.
 */
export type ChangeKind = 'first' | 'reset' | 'presumed-reset' | 'correction' | 'top-up' | 'plan-cut' | 'consumption';

/** Vendors in other time zones reset their counter some hours before the end that they name. */
const EARLY_MS = DAY_MS;

/**
 * The change between two readings that both count, the earlier one first.
 *
 * @param resets false for a balance
 * @param periodBeganAt names the period of the earlier one: a period that begins no later is no new one
 */
export function classifyChange(
  previous: Reading,
  current: Reading,
  { resets, periodBeganAt }: { readonly resets: boolean; readonly periodBeganAt: Date },
): ChangeKind {
  if (startsNewPeriod(previous, current, periodBeganAt)) return 'reset';
  if (!resets && current.period === null && previous.total !== null && current.total !== null) return balanceChange(previous, current);
  if (current.used < previous.used) {
    if (hasBegunAnew(previous, current) || (hasEnded(previous, current, periodBeganAt) && !isLateAlike(previous, current))) return 'reset';
    if (current.used * 10n <= previous.used)
      return previous.period !== null && isAboutToEnd(previous.period, current.observedAt) ? 'reset' : 'presumed-reset';
    return 'correction';
  }
  if (previous.total !== null && current.total !== null) {
    if (current.total > previous.total) return 'top-up';
    if (current.total < previous.total) return 'plan-cut';
  }
  return 'consumption';
}

/**
 * Whether a reading is of a later period than the one before it: its period begins later by more than jitter. A window that
 * the vendor works out anew at each call moves with the clock and stays one period.
 */
export function startsNewPeriod(previous: Reading, current: Reading, periodBeganAt: Date): boolean {
  if (current.period === null) return false;
  const start = current.period.start.getTime();
  if (start <= periodBeganAt.getTime() + JITTER_MS) return false;
  if (previous.period === null) return true;
  if (start <= previous.period.start.getTime() + JITTER_MS) return false;
  return !slides({ period: previous.period, observedAt: previous.observedAt }, { period: current.period, observedAt: current.observedAt });
}

/** A window that moves with the clock says nothing of resets; that more than half of what was used is gone does. */
function hasBegunAnew(previous: Reading, current: Reading): boolean {
  if (previous.period === null || current.period === null || current.used * 2n >= previous.used) return false;
  return current.period.start.getTime() > previous.period.start.getTime() + JITTER_MS;
}

/**
 * Whether the period of the earlier of two readings was over by the time of the later one, and the next one has not begun already
 * because its counter was reset early.
 */
export function hasEnded(previous: Reading, current: Reading, periodBeganAt: Date): boolean {
  const { period } = previous;
  if (period === null || current.observedAt < period.end || endWithTheirCalls(previous, current)) return false;
  if (current.period === null) return true;
  if (movesByDays({ period, observedAt: previous.observedAt }, { period: current.period, observedAt: current.observedAt })) return false;
  return periodBeganAt.getTime() < period.end.getTime() - JITTER_MS;
}

/** Of two figures of one period that both came after its end the later one is a little less: it was put right, or its window rolls. */
function isLateAlike(previous: Reading, current: Reading): boolean {
  const { period, observedAt } = previous;
  return period !== null && observedAt >= period.end && hasSameStart(period, current.period) && current.used * 2n >= previous.used;
}

/** Whether an instant lies so shortly before a period's end that a counter may have been reset for the next one. */
export function isAboutToEnd(period: Period, at: Date): boolean {
  const length = period.end.getTime() - period.start.getTime();
  return contains(period, at) && period.end.getTime() - at.getTime() <= Math.min(EARLY_MS, length / 10);
}

/** True for the changes that begin a new period: the baseline is 0 again and every level is armed. */
export function beginsPeriod(change: ChangeKind): boolean {
  return change === 'reset' || change === 'presumed-reset';
}

/** What was consumed between two readings: below zero where a correction took some back, 0 where a top-up hides it. */
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
