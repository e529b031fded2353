import { mayLag } from './doubt.ts';
import type { Reading } from './reading.ts';

/**
 * Whether a reading of a notice came so soon after a reset that it may be about the period before. A vendor may write a day late, even after
 * its page shows the new period. Only an exact figure of less than half of what was used before the reset is certainly of the new one.
 *
 * @param before the current reading; null if there is none
 */
export function mayBeOfPeriodBefore({ period, observedAt, used, isAtLeast }: Reading, before: Reading | null): boolean {
  if (period === null || !mayLag(period, observedAt)) return false;
  const hasFallen = isAtLeast !== true && before !== null && before.observedAt < period.start && used * 2n < before.used;
  return !hasFallen;
}
