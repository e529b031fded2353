import { z } from 'zod';
import { beginsPeriod } from '../meters/classify-change.ts';
import { forecast, forecastSchema, MINIMUM_DAYS, outlook, type Outlook } from '../meters/forecast.ts';
import type { Reading } from '../meters/reading.ts';
import type { Evaluation, Finding, RuleInput, RuleKind } from './rule.ts';
import { DAY_MS } from '../time/local-time.ts';

/**
 * Fires if the allowance runs out before its period ends at the present pace; without a reset, if it runs out within a number of days.
 * Fires once per period, after the same result from two consecutive readings. Clears when the allowance would last with 5% to spare.
 */

const params = z.strictObject({
  /** Without a reset: fires this many days before the run-out. */
  noticeDays: z.int().min(1).max(365).default(14),
  minimumDays: z.int().min(MINIMUM_DAYS).max(7).default(MINIMUM_DAYS),
  hold: z.int().min(1).max(10).default(2),
});
export type ForecastParams = z.infer<typeof params>;

const state = z.object({ held: z.int(), fired: z.boolean() });
type ForecastState = z.infer<typeof state>;

const CONDITION = 'runs-out';
/** The account's time zone, for the days in the message. */
export const forecastDetail = z.object({ forecast: forecastSchema, timeZone: z.string() });

export const forecastRule = {
  kind: 'forecast' as const,
  topic: 'running-out',
  written: params,
  params,
  state,
  standard: { noticeDays: 14, minimumDays: MINIMUM_DAYS, hold: 2 },

  worst: () => 'warning',

  evaluate(
    { noticeDays, minimumDays, hold }: ForecastParams,
    { change, reading, history, timeZone, state: before }: RuleInput<ForecastState>,
  ) {
    const { held, fired } = before === null || beginsPeriod(change) ? { held: 0, fired: false } : before;
    const expected = outlook(history, reading, minimumDays);
    const breached = isBreached(expected, reading.observedAt, noticeDays);
    const now = breached ? Math.min(held + 1, hold) : 0;
    if (!fired && now >= hold) {
      const finding: Finding = {
        kind: 'forecast',
        condition: CONDITION,
        severity: 'warning',
        detail: z.encode(forecastDetail, { forecast: forecast(history, reading, minimumDays), timeZone }),
      };
      return answer(
        { fired: [finding], cleared: [], reason: `runs out at the present pace, ${String(now)} times in a row` },
        { held: now, fired: true },
      );
    }
    if (fired && clears(expected, reading, noticeDays))
      return answer({ fired: [], cleared: [CONDITION], reason: 'lasts again' }, { held: 0, fired: false });
    const after = before?.held === now && before.fired === fired ? before : { held: now, fired };
    return answer({ fired: [], cleared: [], reason: reasonOf(expected, fired, breached) }, after);
  },

  severityNow: () => null,
} satisfies RuleKind<ForecastParams, ForecastState>;

function answer(evaluation: Evaluation, after: ForecastState): { evaluation: Evaluation; state: ForecastState } {
  return { evaluation, state: after };
}

function isBreached(expected: Outlook, now: Date, noticeDays: number): boolean {
  if (expected.kind !== 'runs-out') return false;
  return expected.resets !== null || expected.likely.getTime() - now.getTime() <= noticeDays * DAY_MS;
}

/**
 * Being used up is not a recovery; the threshold rule reports that. Without a reset, the run-out must be a day further away than where
 * the rule fired.
 */
function clears(expected: Outlook, { total, observedAt }: Reading, noticeDays: number): boolean {
  if (expected.kind === 'runs-out')
    return expected.resets === null && expected.likely.getTime() - observedAt.getTime() > (noticeDays + 1) * DAY_MS;
  if (expected.kind === 'lasts') return total !== null && expected.usedAtEnd * 100n < total * 95n;
  return expected.kind === 'none' && expected.why !== 'used-up' && expected.why !== 'too-early';
}

function reasonOf(expected: Outlook, fired: boolean, breached: boolean): string {
  if (expected.kind === 'none') return `no forecast: ${expected.why}`;
  if (expected.kind === 'lasts') return 'lasts until the period ends';
  if (!breached) return 'runs out, but not soon';
  return fired ? 'reported before' : 'runs out, waiting for a second reading';
}
