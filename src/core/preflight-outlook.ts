import { MINIMUM_DAYS } from './forecast.ts';
import { freshnessOf, type MeterNow } from './meter-now.ts';
import { paceOf } from './pace.ts';
import type { PreflightInput } from './preflight.ts';

/** What a pre-flight needs to know of a meter beside its reading: when it resets, its usual pace, and whether its figures are too old. */
export function preflightOutlook({ reading, history, source }: MeterNow, now: Date): Pick<PreflightInput, 'period' | 'pacePerDay' | 'stale'> {
  return {
    period: reading.period ?? (source.period?.every === 'none' ? 'never' : null),
    pacePerDay: history && (paceOf(history, reading, MINIMUM_DAYS)?.likely ?? null),
    stale: freshnessOf(reading, source.kind, now) === 'stale',
  };
}
