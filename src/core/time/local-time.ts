/**
 * Calendar days and wall-clock times in an IANA time zone, computed only from its offsets. Local `Date` and `TZDate` constructors are
 * not used: in an hour that a clock change repeats, their result depends on the time zone of the host.
 */
import { tzOffset } from '@date-fns/tz';

/** A calendar day without a time zone: days since 1 January 1970. Adding 1 gives the next day, whatever the clocks do. */
export type LocalDay = number;

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Returns the calendar day of an instant in a time zone. */
export function localDayOf(at: Date, timeZone: string): LocalDay {
  return Math.floor((at.getTime() + offsetMs(at.getTime(), timeZone)) / DAY_MS);
}

/** Returns the minutes since midnight on the wall clock. */
export function minuteOfDay(at: Date, timeZone: string): number {
  const local = at.getTime() + offsetMs(at.getTime(), timeZone);
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/** Returns the weekday: Monday is 0, Sunday is 6. */
export function weekdayIndex(day: LocalDay): number {
  // 1 January 1970 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/**
 * Returns the instant at which the clock of a time zone shows `minute` (since midnight) on a calendar day. A time that a clock change
 * skips is moved forward by the skipped time; of a time that occurs twice, the first is used.
 */
export function instantAt(day: LocalDay, minute: number, timeZone: string): Date {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  // A day before and a day after are outside any clock change.
  const before = offsetMs(wall - DAY_MS, timeZone);
  const after = offsetMs(wall + DAY_MS, timeZone);
  const byOld = wall - before;
  const byNew = wall - after;
  const newHolds = offsetMs(byNew, timeZone) === after;
  const oldHolds = offsetMs(byOld, timeZone) === before;
  // In a gap neither is valid: the old offset gives a time after it.
  return new Date(newHolds && !oldHolds ? byNew : byOld);
}

/** Returns the first instant of a calendar day: midnight, or the first time after a clock change that skips it. */
export function startOfLocalDay(day: LocalDay, timeZone: string): Date {
  return instantAt(day, 0, timeZone);
}

/** Returns the calendar date of a day; months start at 1. */
export function calendarDate(day: LocalDay): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Returns the day of a calendar date, or null if it does not exist, such as 31 November; months start at 1. */
export function localDay(year: number, month: number, day: number): LocalDay | null {
  const found = Date.UTC(year, month - 1, day) / DAY_MS;
  const back = calendarDate(found);
  return back.year === year && back.month === month && back.day === day ? found : null;
}

/** Returns a day of a month, or its last day if the month is too short. Months start at 1; values above 12 are in later years. */
export function dayOfMonth(year: number, month: number, day: number): LocalDay {
  const last = Date.UTC(year, month, 0) / DAY_MS;
  return Math.min(Date.UTC(year, month - 1, day) / DAY_MS, last);
}

/**
 * Offsets by hour and time zone, for hours without a clock change. Getting an offset formats a date, and readings of many meters share
 * their hours.
 */
const steadyHours = new Map<string, Map<number, number>>();
const MOST_STEADY = 10_000;

function offsetMs(at: number, timeZone: string): number {
  const hour = Math.floor(at / HOUR_MS);
  const known = steadyHours.get(timeZone)?.get(hour);
  if (known !== undefined) return known;
  const offset = askedOffsetMs(at, timeZone);
  if (askedOffsetMs(hour * HOUR_MS, timeZone) !== askedOffsetMs((hour + 1) * HOUR_MS, timeZone)) return offset;
  const hours = steadyHours.get(timeZone) ?? new Map<number, number>();
  if (hours.size >= MOST_STEADY) hours.clear();
  steadyHours.set(timeZone, hours.set(hour, offset));
  return offset;
}

function askedOffsetMs(at: number, timeZone: string): number {
  const minutes = tzOffset(timeZone, new Date(at));
  if (Number.isNaN(minutes)) throw new RangeError(`no time zone "${timeZone}", or no such instant`);
  return Math.round(minutes * MINUTE_MS);
}

/** `2026-11-01`. */
export function isoDay(day: LocalDay): string {
  const { year, month, day: date } = calendarDate(day);
  return `${String(year)}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/** Returns the day of an ISO date such as `2026-11-01`, which a schema has checked. */
export function dayOfIso(date: string): LocalDay {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}
