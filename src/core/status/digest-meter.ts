import { needsAttention, type DigestMeter } from '../notifications/digest.ts';
import type { AlertSnapshot } from '../notifications/notification.ts';
import { forecast } from '../meters/forecast.ts';
import { consumedAt, daysOf, topUpOf, type DayConsumption, type UsageHistory } from '../meters/history.ts';
import { DAY_MS, localDayOf } from '../time/local-time.ts';
import { freshnessOf } from './meter-status.ts';
import type { Period } from '../time/period.ts';
import type { BoundRule } from '../rules/registry.ts';
import { rulesFor } from '../rules/registry.ts';
import { worstSeverity } from '../rules/severity.ts';
import type { ExpectedInterval } from './staleness.ts';
import type { MeterState } from '../alerts/evaluate.ts';

/** A posted alert of a meter: its findings and their reading. */
export type PostedAlert = Pick<AlertSnapshot, 'findings' | 'reading'> & { readonly critical: boolean };

/** A balance is listed if it runs out within this time. */
const SOON_MS = 14 * DAY_MS;

/** Builds one meter of a digest; null if it has no reading. */
export function digestMeterOf(
  { meter, current, history, alerts }: MeterState,
  {
    expectedInterval,
    rules,
    said,
    week,
    now,
    timeZone,
  }: {
    readonly expectedInterval: ExpectedInterval;
    readonly rules: readonly BoundRule[];
    readonly said: readonly PostedAlert[];
    readonly week: Period;
    readonly now: Date;
    readonly timeZone: string;
  },
): DigestMeter | null {
  if (current === null) return null;
  const { reading, held } = current;
  const open = [...alerts.values()];
  const expected = forecast(history, reading);
  const runsOut = expected.kind === 'runs-out' && (expected.resets !== null || expected.likely.getTime() - now.getTime() <= SOON_MS);
  const { source, key, label, unit, decimals, resets } = meter;
  const topUp = topUpOf(history);
  const weekBefore = new Date(week.start.getTime() - 7 * DAY_MS);
  const one: DigestMeter = {
    meter: { source, key, label, unit, decimals, resets },
    topUp,
    fullest: history?.fullest ?? null,
    reading: { ...reading, period: reading.period && { ...reading.period } },
    severity: worstSeverity([
      ...rulesFor(meter, rules).map((rule) => rule.severityNow({ meter, reading, filled: history })),
      ...open.map((alert) => alert.severity),
    ]),
    consumed: {
      week: history && consumedIn(history, week),
      weekBefore: history && daysIn(history, { start: weekBefore, end: week.start }, timeZone),
    },
    days: [],
    runOut: runsOut ? { earliest: expected.earliest, latest: expected.latest } : null,
    lasts: expected.kind === 'lasts',
    usedUpSince: said.findLast((one) => one.critical)?.reading.observedAt ?? null,
    fired: said
      .filter(({ reading: { observedAt } }) => observedAt >= week.start)
      .map(({ findings, reading: posted }) => ({ findings, reading: posted, at: posted.observedAt })),
    acknowledgedBy: open.find((alert) => alert.acknowledged !== null)?.acknowledged?.by ?? null,
    requestedAt: open.map((alert) => alert.requested?.at ?? null).find((at) => at !== null) ?? null,
    freshness: freshnessOf({ meter, reading, held, source: expectedInterval }, rules, now),
  };
  return history && needsAttention(one) ? { ...one, days: daysWithin(history, { start: weekBefore, end: week.end }, timeZone) } : one;
}

function consumedIn(history: UsageHistory, { start, end }: Period): bigint | null {
  const [before, after] = [consumedAt(history, start), consumedAt(history, end)];
  return before === null || after === null ? null : after - before;
}

/** Sums the recorded days; null if they do not reach back that far. */
function daysIn(history: UsageHistory, period: Period, timeZone: string): bigint | null {
  if ((daysOf(history)[0]?.day ?? Infinity) > localDayOf(period.start, timeZone)) return null;
  return daysWithin(history, period, timeZone).reduce((sum, { consumed }) => sum + consumed, 0n);
}

function daysWithin(history: UsageHistory, { start, end }: Period, timeZone: string): DayConsumption[] {
  const [first, last] = [localDayOf(start, timeZone), localDayOf(end, timeZone)];
  return daysOf(history).filter(({ day }) => day >= first && day < last);
}
