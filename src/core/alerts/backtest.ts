import { isCalming } from './alert.ts';
import type { Meter } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import type { BoundRule } from '../rules/registry.ts';
import type { Finding } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import { evaluateReading, newMeterState } from './evaluate.ts';

/** An alert that a rule would have posted: the reading, the severity and the findings. */
export type Replayed = {
  readonly meter: Meter;
  readonly reading: Reading;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
};

/**
 * Replays rules over a meter's readings and returns the alerts they would have posted. Recoveries only edit messages and are not
 * counted. The first reading is the baseline: levels that it exceeds were reached before.
 *
 * @param rules the rules that apply to the meter; they need not be stored
 * @param readings by `observedAt`, oldest first
 */
export function backtest(rules: readonly BoundRule[], meter: Meter, readings: readonly Reading[], timeZone: string): readonly Replayed[] {
  let meterState = newMeterState(meter);
  let alerts = 0;
  return readings.flatMap((reading, index) => {
    const step = evaluateReading(meterState, { rules, timeZone }, reading, () => `replayed-${String((alerts += 1))}`);
    meterState = step.meterState;
    if (index === 0) return [];
    return step.announcements
      .filter(({ change }) => !isCalming(change))
      .map(({ findings, alert }): Replayed => ({
        meter,
        reading,
        severity: alert.severity,
        findings,
      }));
  });
}
