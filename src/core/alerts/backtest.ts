import { isCalming } from './alert.ts';
import type { Meter } from '../meters/meter.ts';
import type { Reading } from '../meters/reading.ts';
import type { BoundRule } from '../rules/registry.ts';
import type { Finding } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import { evaluateReading, type MeterState } from './evaluate.ts';

/** What a rule would have posted: at which reading, how bad, and what was found. */
export type Replayed = {
  readonly meter: Meter;
  readonly reading: Reading;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
};

/**
 * Runs rules over a meter's readings as if they had watched it all the time, and says when something would have been
 * posted. Recoveries edit what stands and are not counted. The first reading only says where the meter stood when the
 * record begins: what it was over then is no news.
 *
 * @param rules that watch the meter, none of them stored
 * @param readings by `observedAt`
 */
export function backtest(rules: readonly BoundRule[], meter: Meter, readings: readonly Reading[], timeZone: string): readonly Replayed[] {
  let meterState: MeterState = { meter, current: null, history: null, memories: new Map(), alerts: new Map(), snoozed: null };
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
