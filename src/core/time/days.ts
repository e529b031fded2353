import { calendarDate, localDayOf, minuteOfDay, weekdayIndex, type LocalDay } from './local-time.ts';
import type { Period } from './period.ts';

/**
 * Formats days in the account's time zone: a reset, a run-out day, the week of a digest. They read the same for everyone and in every
 * message. An instant in the reader's own time zone is a `moment` span instead.
 */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS_IN_FULL = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `5 Dec`. */
export function dayText(day: LocalDay): string {
  const { month, day: date } = calendarDate(day);
  return `${String(date)} ${MONTHS[month - 1] ?? ''}`;
}

/** `5 Dec 2026`, for text that is read elsewhere and later. */
export function dateText(day: LocalDay): string {
  return `${dayText(day)} ${String(calendarDate(day).year)}`;
}

/** A day further away than this is ambiguous without its year. */
const NAMED_WITHOUT_YEAR_DAYS = 300;

/**
 * Formats the day of an instant in the account's time zone: `5 Dec`.
 *
 * @param seen the time of the message; a date far from it includes the year
 */
export function dayOf(at: Date, timeZone: string, seen?: Date): string {
  return named(localDayOf(at, timeZone), seen, timeZone);
}

/** Formats the day of a period boundary: `1 Dec`. The end of a period is the start of the next. */
export function boundaryDayOf(at: Date, timeZone: string, seen?: Date): string {
  return named(boundaryDay(at, timeZone), seen, timeZone);
}

/** Formats a period: `1 Nov – 1 Dec`; a long one with years. */
export function periodText({ start, end }: Period, timeZone: string): string {
  return `${boundaryDayOf(start, timeZone, end)} – ${boundaryDayOf(end, timeZone, start)}`;
}

/** The last minute of a day. Some vendors give the last second of a period as its end. */
const LAST_MINUTE = 1439;

/**
 * Returns the calendar day of a period boundary in the account's time zone, or in UTC for a vendor that counts in UTC: west of
 * Greenwich, its midnight is on the evening before, and a reset on the first of a month would appear to be on the last of the previous
 * one.
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

/** Formats a day as `Fri` near `now`, and as `6 Nov` if a weekday would be ambiguous. */
export function lastDayText(at: Date, now: Date, timeZone: string): string {
  const day = localDayOf(at, timeZone);
  const ago = localDayOf(now, timeZone) - day;
  return Math.abs(ago) < 7 ? (WEEKDAYS[weekdayIndex(day)] ?? '') : dayText(day);
}
