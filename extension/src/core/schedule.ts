import { DAY_MS, HOUR_MS, instantAt, localDay, MINUTE_MS } from './time-zone.ts';

/**
 * How often a page is captured. `6d` stands for once a week: Creditwatch counts figures of a page as stale after 7 days, so a capture
 * every 7 days would be late each time.
 */
export const INTERVALS = ['daily', '12h', '6h', '6d'] as const;
export type Interval = (typeof INTERVALS)[number];

/** `at`: a time of day such as 08:00. `zone`: the IANA time zone in which it is meant. */
export type Schedule = { readonly every: Interval; readonly at: string; readonly zone: string };

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Returns the minutes since midnight of a time of day such as 08:00; null if it is not one. */
export function minuteOf(at: string): number | null {
  const [, hour, minute] = TIME.exec(at) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
}

const PER_DAY: Readonly<Record<Interval, number>> = { daily: 1, '12h': 2, '6h': 4, '6d': 1 };
const EVERY_DAYS: Readonly<Record<Interval, number>> = { daily: 1, '12h': 1, '6h': 1, '6d': 6 };

/** Returns the first scheduled time after an instant, in milliseconds since 1970. */
export function nextCapture({ every, at, zone }: Schedule, after: number): number {
  const first = minuteOf(at) ?? 0;
  const today = localDay(after, zone);
  const apart = (24 * 60) / PER_DAY[every];
  for (let day = today - 1; ; day += 1) {
    if (day % EVERY_DAYS[every] !== 0) continue;
    for (let nth = 0; nth < PER_DAY[every]; nth += 1) {
      const due = instantAt(day, first + nth * apart, zone);
      if (due > after) return due;
    }
  }
}

const FIRST_RETRY_MS = 5 * MINUTE_MS;
const LONGEST_RETRY_MS = HOUR_MS;

/**
 * Returns when to try again what failed for a reason that passes: after 5 minutes, then 10, 20 and 40, then every hour, but not
 * before the server wants it. The next scheduled time is not skipped.
 *
 * @param failures how many attempts in a row have failed, this one included
 */
export function nextAttempt(
  schedule: Schedule,
  { now, failures, retryAfterMs }: { readonly now: number; readonly failures: number; readonly retryAfterMs: number | null },
): number {
  const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10), LONGEST_RETRY_MS);
  const asked = Math.min(retryAfterMs ?? 0, DAY_MS);
  return Math.min(now + Math.max(wait, asked), nextCapture(schedule, now));
}
