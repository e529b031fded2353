/**
 * Calendar days and wall-clock times in an IANA zone, from the zone's offsets alone. Local `Date` and `TZDate` constructors
 * are not used for this: where a change of clocks repeats an hour, their answer depends on the zone of the host.
 */
import { tzOffset } from '@date-fns/tz';

/** A calendar day, in no zone: days since 1 January 1970. Adding one gives the next day, whatever the clocks do. */
export type LocalDay = number;

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The calendar day on which an instant falls in a zone. */
export function localDayOf(at: Date, timeZone: string): LocalDay {
  return Math.floor((at.getTime() + offsetMs(at.getTime(), timeZone)) / DAY_MS);
}

/** Minutes since midnight that a clock on the wall shows. */
export function minuteOfDay(at: Date, timeZone: string): number {
  const local = at.getTime() + offsetMs(at.getTime(), timeZone);
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/** Monday is 0, Sunday is 6. */
export function weekdayIndex(day: LocalDay): number {
  // 1 January 1970 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/**
 * The instant at which a clock in a zone shows `minute` (since midnight) of a calendar day. A time that a change of clocks
 * leaves out is moved forward by as much as was left out; of a time that occurs twice, the first is taken.
 */
export function instantAt(day: LocalDay, minute: number, timeZone: string): Date {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  // A day on either side is surely outside the change of clocks, if there is one.
  const before = offsetMs(wall - DAY_MS, timeZone);
  const after = offsetMs(wall + DAY_MS, timeZone);
  const byOld = wall - before;
  const byNew = wall - after;
  const newHolds = offsetMs(byNew, timeZone) === after;
  const oldHolds = offsetMs(byOld, timeZone) === before;
  // Neither holds in a gap: the old offset, carried on, lands behind it.
  return new Date(newHolds && !oldHolds ? byNew : byOld);
}

/** The first instant of a calendar day: midnight, or what a change of clocks has left of it. */
export function startOfLocalDay(day: LocalDay, timeZone: string): Date {
  return instantAt(day, 0, timeZone);
}

/** The calendar date of a day, months from 1. */
export function calendarDate(day: LocalDay): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The day of a calendar date, months from 1; null for a date that does not exist, such as 31 November. */
export function localDay(year: number, month: number, day: number): LocalDay | null {
  const found = Date.UTC(year, month - 1, day) / DAY_MS;
  const back = calendarDate(found);
  return back.year === year && back.month === month && back.day === day ? found : null;
}

/** A day of a month, months from 1 and beyond 12 into later years; the last day of a month that is too short for it. */
export function dayOfMonth(year: number, month: number, day: number): LocalDay {
  const last = Date.UTC(year, month, 0) / DAY_MS;
  return Math.min(Date.UTC(year, month - 1, day) / DAY_MS, last);
}

/** Hours within which no clock was changed, by zone: asking for an offset formats a date, and readings of many meters share their hours. */
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
