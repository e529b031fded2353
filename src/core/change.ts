import type { Reading } from './reading.ts';

/**
 * What lies between two consecutive readings of a meter. Every rule sees the class, none guesses it from the numbers:
 * - `first`: nothing before it
 * - `reset`: used fell and the period changed, or the earlier period has ended
 * - `presumed-reset`: used fell below a tenth and no period says why
 * - `correction`: used fell inside the period
 * - `top-up` / `plan-cut`: the total grew / shrank
 * - `consumption`: all else, unchanged figures included
 */
export type ChangeKind = 'first' | 'reset' | 'presumed-reset' | 'correction' | 'top-up' | 'plan-cut' | 'consumption';

export function classifyChange(previous: Reading | null, current: Reading): ChangeKind {
  if (previous === null) return 'first';
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

function periodMoved(previous: Reading, current: Reading): boolean {
  if (previous.period === null) return false;
  if (current.observedAt >= previous.period.end) return true;
  return current.period !== null && current.period.start.getTime() !== previous.period.start.getTime();
}
