import { hasSameStart } from '../time/period.ts';
import { mayLag } from './doubt.ts';
import type { Reading } from './reading.ts';

/**
 * Whether a reading of a notice came so soon after a reset that it may be about the period before. Not if a measured figure of the new
 * period came before it, because then the vendor had reset its counter, or if it is such a figure itself, because it fell.
 *
 * @param before the current reading; null if there is none
 */
export function mayBeOfPeriodBefore({ period, observedAt, used, isAtLeast }: Reading, before: Reading | null): boolean {
  if (period === null || !mayLag(period, observedAt)) return false;
  if (before === null) return true;
  if (before.observedAt < period.start) return isAtLeast === true || used >= before.used;
  return before.isAtLeast === true || before.observedAt >= observedAt || !hasSameStart(before.period, period);
}
