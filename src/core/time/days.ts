import { calendarDate, localDayOf, minuteOfDay, weekdayIndex, type LocalDay } from './local-time.ts';
import type { Period } from './period.ts';

/**
 * Days as text in the account's zone: a reset, a run-out day, the week of a digest. They read the same for everybody and in
 * every message. An instant that everybody reads in a zone of their own is a moment of a phrase instead.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS_IN_FULL = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `5 Dec`. */
export function dayText(day: LocalDay): string {
  const { month, day: date } = calendarDate(day);
  return `${String(date)} ${MONTHS[month - 1] ?? ''}`;
}

/** `5 Dec 2026`, for what is read elsewhere and later. */
export function dateText(day: LocalDay): string {
  return `${dayText(day)} ${String(calendarDate(day).year)}`;
}

/** A day further away than this could be taken for the same of another year. */
const NAMED_WITHOUT_YEAR_DAYS = 300;

/**
 * `5 Dec`, the day of an instant in the account's zone.
 *
 * @param seen the moment it is said of: far from it the year is named
 */
export function dayOf(at: Date, timeZone: string, seen?: Date): string {
  return named(localDayOf(at, timeZone), seen, timeZone);
}

/** `1 Dec`, the day on which a period begins or ends, for its end is the beginning of the next. */
export function boundaryDayOf(at: Date, timeZone: string, seen?: Date): string {
  return named(boundaryDay(at, timeZone), seen, timeZone);
}

/** `1 Nov – 1 Dec`; with years when it is long. */
export function periodText({ start, end }: Period, timeZone: string): string {
  return `${boundaryDayOf(start, timeZone, end)} – ${boundaryDayOf(end, timeZone, start)}`;
}

/** Minutes of a day. Some vendors give the last second of a period as its end. */
const LAST_MINUTE = 1439;

/**
 * The calendar day of a boundary between periods. It is the day of the account's zone, but for vendors that count in UTC: west
 * of Greenwich their midnight falls on the evening before, and what resets on the first of a month would be said to reset on
 * the last of the month before.
 */
export function boundaryDay(at: Date, timeZone: string): LocalDay {
  const zone = isMidnight(at, 'UTC') && !isMidnight(at, timeZone) ? 'UTC' : timeZone;
  return localDayOf(at, zone) + (minuteOfDay(at, zone) === LAST_MINUTE ? 1 : 0);
}

function isMidnight(at: Date, timeZone: string): boolean {
  return [0, LAST_MINUTE].includes(minuteOfDay(at, timeZone));
}

function named(day: LocalDay, seen: Date | undefined, timeZone: string): string {
  const isFar = seen !== undefined && Math.abs(day - localDayOf(seen, timeZone)) >= NAMED_WITHOUT_YEAR_DAYS;
  return isFar ? dateText(day) : dayText(day);
}

/** `Friday`. */
export function weekdayText(day: LocalDay): string {
  return WEEKDAYS_IN_FULL[weekdayIndex(day)] ?? '';
}

/** `16–22 Nov`, `28 Nov – 4 Dec`, `21 Nov` when both are one day. */
export function dayRangeText(first: LocalDay, last: LocalDay): string {
  if (last <= first) return dayText(first);
  const from = calendarDate(first);
  const to = calendarDate(last);
  if (from.year === to.year && from.month === to.month) return `${String(from.day)}–${dayText(last)}`;
  return `${dayText(first)} – ${dayText(last)}`;
}

/** `Fri` of the days around `now`, `6 Nov` of earlier ones, for then the weekday could be the wrong one. */
export function lastDayText(at: Date, now: Date, timeZone: string): string {
  const day = localDayOf(at, timeZone);
  const ago = localDayOf(now, timeZone) - day;
  return Math.abs(ago) < 7 ? (WEEKDAYS[weekdayIndex(day)] ?? '') : dayText(day);
}
