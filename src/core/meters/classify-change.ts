import { DAY_MS } from '../time/local-time.ts';
import { contains, endWithTheirCalls, hasSameStart, JITTER_MS, movesByDays, slides, type Period } from '../time/period.ts';
import type { Reading } from './reading.ts';

/**
 * The change between two consecutive readings of a meter. Every rule uses this class and none infers it from the numbers:
 * - `first`: there is no earlier reading
 * - `reset`: a new period began, whether `used` dropped or not; or `used` dropped and the earlier period has ended or is about to
 * - `presumed-reset`: `used` dropped to a tenth or less, and no period explains it
 * - `correction`: `used` dropped within the period
 * - `top-up` / `plan-cut`: the total grew / shrank
 * - `consumption`: everything else, including unchanged figures
 *
 * A balance does not reset, and vendors report it in different ways: some raise `used`, some lower the total, some only report what is
 * left. So what is left decides: a decrease is consumption, an increase is a top-up.
 */
export type ChangeKind = 'first' | 'reset' | 'presumed-reset' | 'correction' | 'top-up' | 'plan-cut' | 'consumption';

/** Vendors in other time zones reset their counter some hours before the period end that they report. */
const EARLY_MS = DAY_MS;

/**
 * Classifies the change between two readings that both count, earlier one first.
 *
 * @param resets false for a balance
 * @param periodBeganAt identifies the period of the earlier reading: a period that begins no later is not a new one
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
 * Whether a reading belongs to a later period than the previous one: its period begins later by more than jitter. A window that the
 * vendor computes again for each request moves with the clock and counts as one period.
 */
export function startsNewPeriod(previous: Reading, current: Reading, periodBeganAt: Date): boolean {
  if (current.period === null) return false;
  const start = current.period.start.getTime();
  if (start <= periodBeganAt.getTime() + JITTER_MS) return false;
  if (previous.period === null) return true;
  if (start <= previous.period.start.getTime() + JITTER_MS) return false;
  return !slides({ period: previous.period, observedAt: previous.observedAt }, { period: current.period, observedAt: current.observedAt });
}

/** A moving window does not show resets, but a drop by more than half does. */
function hasBegunAnew(previous: Reading, current: Reading): boolean {
  if (previous.period === null || current.period === null || current.used * 2n >= previous.used) return false;
  return current.period.start.getTime() > previous.period.start.getTime() + JITTER_MS;
}

/**
 * Whether the period of the previous reading had ended by the time of the current one. False if the next period has already begun
 * because its counter was reset early.
 */
export function hasEnded(previous: Reading, current: Reading, periodBeganAt: Date): boolean {
  const { period } = previous;
  if (period === null || current.observedAt < period.end || endWithTheirCalls(previous, current)) return false;
  if (current.period === null) return true;
  if (movesByDays({ period, observedAt: previous.observedAt }, { period: current.period, observedAt: current.observedAt })) return false;
  return periodBeganAt.getTime() < period.end.getTime() - JITTER_MS;
}

/** Whether two readings of one period both came after its end and the later is a little lower: a correction or a moving window. */
function isLateAlike(previous: Reading, current: Reading): boolean {
  const { period, observedAt } = previous;
  return period !== null && observedAt >= period.end && hasSameStart(period, current.period) && current.used * 2n >= previous.used;
}

/** Whether an instant is so close to the end of a period that the counter may already be reset for the next one. */
export function isAboutToEnd(period: Period, at: Date): boolean {
  const length = period.end.getTime() - period.start.getTime();
  return contains(period, at) && period.end.getTime() - at.getTime() <= Math.min(EARLY_MS, length / 10);
}

/** Whether both totals are known, and the later one is larger. */
export function hasLargerTotal(previous: Reading, current: Reading): boolean {
  return previous.total !== null && current.total !== null && current.total > previous.total;
}

/** Whether a change begins a new period: the baseline is 0 and every level is armed. */
export function beginsPeriod(change: ChangeKind): boolean {
  return change === 'reset' || change === 'presumed-reset';
}

/** Returns the consumption between two readings: negative for a correction, 0 if a top-up hides it. */
export function consumedBetween(previous: Reading, current: Reading, change: ChangeKind): bigint {
  if (beginsPeriod(change)) return current.used;
  // Here the total differs only for a balance whose vendor subtracts usage from it.
  if (change === 'consumption' && previous.total !== null && current.total !== null)
    return previous.total - previous.used - (current.total - current.used);
  const grown = current.used - previous.used;
  return change === 'top-up' && grown < 0n ? 0n : grown;
}

/** A change that explains an alert, with its amount: more bought, less included, or less used. */
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

/**
 * In a balance, a drop of `used` by up to a twentieth of the total is a refund; a larger one is a top-up that its total does not show.
 */
const REFUNDED_AT_MOST = 20n;

function balanceChange(previous: Reading, current: Reading): ChangeKind {
  const [before, after] = [previous.total ?? 0n, current.total ?? 0n];
  if (after > before) return 'top-up';
  const risen = after - current.used - (before - previous.used);
  if (risen <= 0n) return 'consumption';
  return after === before && risen * REFUNDED_AT_MOST < before ? 'correction' : 'top-up';
}

/** Returns the increase of what is available, without consumption. */
function grownBy(previous: Reading, current: Reading): bigint {
  if (previous.total === null || current.total === null) return 0n;
  const usedFell = previous.used > current.used ? previous.used - current.used : 0n;
  return current.total - previous.total + usedFell;
}
