import { MINIMUM_DAYS } from '../meters/forecast.ts';
import { freshnessOf, type MeterNow } from '../status/meter-status.ts';
import { endsWithItsCall } from '../time/period.ts';
import { likelyPaceOf } from '../meters/pace.ts';
import type { CheckInput } from './check.ts';
import type { BoundRule } from '../rules/registry.ts';

/**
 * Returns what a check needs to know about a meter besides its reading: when it resets, its usual pace, and whether its figures are
 * stale.
 */
export function checkOutlook(
  known: MeterNow,
  rules: readonly BoundRule[],
  now: Date,
): Pick<CheckInput, 'period' | 'recurs' | 'pacePerDay' | 'stale'> {
  const { reading, history, source } = known;
  return {
    period: endsWithItsCall(reading) ? null : (reading.period ?? (source.period?.every === 'none' ? 'never' : null)),
    recurs: source.period,
    pacePerDay: history && (likelyPaceOf(history, reading.observedAt, MINIMUM_DAYS)?.likely ?? null),
    stale: freshnessOf(known, rules, now) === 'stale',
  };
}
