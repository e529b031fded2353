import { calendarDate, DAY_MS, localDayOf, weekdayIndex } from '../core/time/local-time.ts';
import { periodAt } from '../core/time/period.ts';
import type { PeriodSpec } from '../core/time/period-spec.ts';

/**
 * The demo's readings: the six Abmatic AI meters with a plausible history. Five end at real figures of that vendor's usage page. Apollo
 * Contacts ends over 80% and will run out, so that there is an alert to see.
 */
export type SampleReading = { readonly meter: string; readonly used: string; readonly total: string | null; readonly observedAt: string };

type SampleMeter = {
  readonly meter: string;
  readonly used: number;
  readonly total: number;
  /** The use at the end of the previous period, as a share of the current figure. */
  readonly before: number;
  /** The share of the current figure that was used in the last seven days. About a third is an even pace. */
  readonly lastWeek: number;
  /** Relative use on each day of the week, Monday first. */
  readonly week: readonly number[];
};

const OFFICE = [1, 1, 1, 1, 1, 0.1, 0.1];
/** A list is imported every Tuesday. */
const IMPORTS = [1, 2, 1, 1, 1, 0.2, 0.2];
const VISITORS = [1, 1, 1, 1, 1, 0.7, 0.7];

const METERS: readonly SampleMeter[] = [
  { meter: 'apollo_contacts', used: 803_412, total: 1_000_000, before: 0.79, lastWeek: 0.4, week: IMPORTS },
  { meter: 'campaigns', used: 494_936, total: 1_000_000_000, before: 1.1, lastWeek: 0.6, week: VISITORS },
  { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000, before: 0.9, lastWeek: 0.33, week: OFFICE },
  { meter: 'abmatic_accounts', used: 24_171, total: 4_000_000, before: 1.2, lastWeek: 0.3, week: OFFICE },
  { meter: 'abmatic_contacts', used: 40_982, total: 20_000_000, before: 0.7, lastWeek: 0.35, week: OFFICE },
  { meter: 'abmatic_ip_reveal', used: 379_180, total: 100_000_000, before: 1, lastWeek: 0.33, week: VISITORS },
];

const STEP_MS = 6 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** The highest share of the current figure in any earlier reading, so that the last reading crosses the level. */
const BEFORE_LAST = 0.994;

/** The days of the month on which the sample's periods may start. */
const PERIOD_DAYS = [1, 6, 11, 16, 21, 26];
/** The least number of days since the period started: enough for 80% to be plausible, with about a week left. */
const DAYS_INTO_PERIOD = 17;

/** Returns monthly periods that fit the sample on any day. They stay the same for some days. */
export function samplePeriods(now: Date, timeZone: string): PeriodSpec {
  let day = localDayOf(now, timeZone) - DAYS_INTO_PERIOD;
  while (!PERIOD_DAYS.includes(calendarDate(day).day)) day -= 1;
  return { every: 'month', day: calendarDate(day).day };
}

/** Returns readings every six hours since the previous period started, and the current figures at `now`. */
export function sampleReadings(now: Date, timeZone: string): readonly SampleReading[] {
  const periods = samplePeriods(now, timeZone);
  const present = periodAt(periods, now, timeZone);
  const previous = present && periodAt(periods, new Date(present.start.getTime() - 1), timeZone);
  if (!present || !previous) throw new Error('the periods of the sample recur');
  const weekAgo = new Date(now.getTime() - WEEK_MS);
  return METERS.flatMap(({ meter, used, total, before, lastWeek, week }) => {
    const shares = [
      ...curve(previous.start, present.start, week, timeZone).map(({ at, part }) => ({ at, share: before * part })),
      ...curve(present.start, weekAgo, week, timeZone).map(({ at, part }) => ({ at, share: (1 - lastWeek) * part })),
      ...curve(weekAgo, now, week, timeZone).map(({ at, part }) => ({ at, share: Math.min(BEFORE_LAST, 1 - lastWeek + lastWeek * part) })),
      { at: now, share: 1 },
    ];
    return shares.map(({ at, share }) => ({
      meter,
      used: String(Math.floor(used * share)),
      total: String(total),
      observedAt: at.toISOString(),
    }));
  });
}

/** Returns how use grows from 0 at `start` to 1 at `end`, by the weekly pattern. The point at `end` is left out. */
function curve(start: Date, end: Date, week: readonly number[], timeZone: string): readonly { readonly at: Date; readonly part: number }[] {
  const points: { at: Date; worked: number }[] = [];
  let worked = 0;
  for (let at = start.getTime(); at < end.getTime(); at += STEP_MS) {
    points.push({ at: new Date(at), worked });
    worked += Math.min(STEP_MS, end.getTime() - at) * (week[weekdayIndex(localDayOf(new Date(at), timeZone))] ?? 1);
  }
  return points.map((point) => ({ at: point.at, part: point.worked / worked }));
}
