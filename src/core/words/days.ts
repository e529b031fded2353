import { calendarDate, localDayOf, minuteOfDay, weekdayIndex, type LocalDay } from '../local-time.ts';

/**
 * Days as text in the account's zone, for what is a fact of that zone: the week of a digest, a day somebody named. An
 * instant that everybody reads in a zone of their own is a moment of a phrase instead.
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

/** `Sun 18:40` of the days around `now`, `6 Nov 18:40` of earlier ones. */
export function lastTimeText(at: Date, now: Date, timeZone: string): string {
  const minute = minuteOfDay(at, timeZone);
  return `${lastDayText(at, now, timeZone)} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** `Fri` of the days around `now`, `6 Nov` of earlier ones, for then the weekday could be the wrong one. */
export function lastDayText(at: Date, now: Date, timeZone: string): string {
  const day = localDayOf(at, timeZone);
  const ago = localDayOf(now, timeZone) - day;
  return Math.abs(ago) < 7 ? (WEEKDAYS[weekdayIndex(day)] ?? '') : dayText(day);
}
