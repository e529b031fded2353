import { calendarDate, DAY_MS, dayOfMonth, instantAt, localDayOf, minuteOfDay, startOfLocalDay } from './local-time.ts';
import { recurrenceOf, type PeriodSpec } from './period-spec.ts';

/** A half-open billing window [start, end). */
export type Period = { readonly start: Date; readonly end: Date };

export function contains(period: Period, at: Date): boolean {
  const moment = at.getTime();
  return period.start.getTime() <= moment && moment < period.end.getTime();
}

const SECOND_MS = 1_000;
const HOUR_MS = 60 * 60_000;

/** The first instant after the latest possible reading. */
const CALENDAR_ENDS_MS = Date.UTC(10_000, 0, 1);

/**
 * Returns the exclusive end of a period: some vendors give its last second (`23:59:59`). The result stays within the years 1 to 9999.
 */
export function exclusiveEnd(end: Date): Date {
  const nextHour = Math.ceil((end.getTime() + 1) / HOUR_MS) * HOUR_MS;
  return nextHour - end.getTime() <= SECOND_MS && nextHour < CALENDAR_ENDS_MS ? new Date(nextHour) : end;
}

/** Vendors report the same instant with small differences; up to this they count as equal. */
export const JITTER_MS = 5 * 60_000;

/** Whether two periods begin at the same instant, allowing for jitter. */
export function hasSameStart(a: Period | null, b: Period | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.start.getTime() - b.start.getTime()) <= JITTER_MS;
}

type Seen = { readonly period: Period; readonly observedAt: Date };

/**
 * Whether a vendor computes its window again for each request, such as "30 days from now": the window overlaps the previous one and has
 * moved with the clock. A window in whole hours or days moves in such steps, as a whole or from today.
 */
export function slides(before: Seen, after: Seen): boolean {
  const shift = after.period.start.getTime() - before.period.start.getTime();
  if (after.period.start >= before.period.end) return false;
  if (movesByDays(before, after)) return true;
  const elapsed = after.observedAt.getTime() - before.observedAt.getTime();
  const difference = Math.abs(shift - elapsed);
  if (difference <= JITTER_MS) return true;
  const isWhole = after.period.end.getTime() - before.period.end.getTime() > JITTER_MS;
  if (!isWhole && after.observedAt.getTime() - after.period.start.getTime() > DAY_MS) return false;
  const step = isMultiple(shift, DAY_MS, HOUR_MS) ? DAY_MS : isMultiple(shift, HOUR_MS, JITTER_MS) ? HOUR_MS : 0;
  return difference <= step + JITTER_MS;
}

/**
 * Whether a vendor's window is the last whole days, such as "the last 30 days up to midnight", with or without today. Between requests
 * it moves by whole days, as many as have passed (give or take one), and keeps most of its range.
 */
export function movesByDays(before: Seen, after: Seen): boolean {
  if (!endsNearItsCall(before) || !endsNearItsCall(after)) return false;
  const shift = after.period.start.getTime() - before.period.start.getTime();
  const elapsed = after.observedAt.getTime() - before.observedAt.getTime();
  if (Math.abs(shift - elapsed) > DAY_MS + HOUR_MS) return false;
  const isRolling = endsAtItsCall(before);
  // Within one day the window does not move; earlier days decide.
  if (Math.abs(shift) <= JITTER_MS) return isRolling;
  if (shift < 0 || !isMultiple(shift, DAY_MS, HOUR_MS)) return false;
  const overlap = before.period.end.getTime() - after.period.start.getTime();
  if (overlap * 2 < lengthOf(after.period)) return false;
  return isRolling || endsAtItsCall(after) || Math.abs(lengthOf(after.period) - lengthOf(before.period)) <= HOUR_MS;
}

/** Whether a window ends at the midnight before or after the request, or a day earlier if its figures take a day. */
function endsNearItsCall({ period, observedAt }: Seen): boolean {
  const ahead = period.end.getTime() - observedAt.getTime();
  return ahead <= DAY_MS + HOUR_MS && -ahead <= 2 * DAY_MS + HOUR_MS;
}

/** Cuts the window at its request: its end is now and not a reset. */
export function upToItsCall({ period, observedAt }: Seen): Period {
  return { start: period.start, end: new Date(observedAt.getTime() + 1) };
}

function endsAtItsCall({ period, observedAt }: Seen): boolean {
  return period.end.getTime() === observedAt.getTime() + 1;
}

function lengthOf({ start, end }: Period): number {
  return end.getTime() - start.getTime();
}

type Windowed = { readonly period: Period | null; readonly observedAt: Date };

/**
 * Whether a vendor's window ends with each request, as "this month so far" and "the last 30 days" do; its end is then not the end of a
 * period.
 */
export function endWithTheirCalls(...calls: readonly Windowed[]): boolean {
  return calls.every(({ period, observedAt }) => period !== null && Math.abs(period.end.getTime() - observedAt.getTime()) <= JITTER_MS);
}

/** Whether the window of one request ends with it. An end on a whole half-hour shortly after the request may be a real one. */
export function endsWithItsCall(call: Windowed): boolean {
  const { period, observedAt } = call;
  return period !== null && endWithTheirCalls(call) && (observedAt >= period.end || period.end.getTime() % (HOUR_MS / 2) !== 0);
}

/** Returns the end of a reading's period; null if it has none, or if its window only ends with the request. */
export function knownEnd(reading: Windowed): Date | null {
  return reading.period === null || endsWithItsCall(reading) ? null : reading.period.end;
}

/**
 * Whether one time span is a multiple of another.
 *
 * @param tolerance a change to summer time makes a day an hour shorter
 */
function isMultiple(of: number, step: number, tolerance: number): boolean {
  const rest = of % step;
  return rest <= tolerance || step - rest <= tolerance;
}

/**
 * Returns the period of a recurring plan that contains an instant. Boundaries are midnights in the IANA time zone, or the first time
 * after a clock change that skips it; day 29 to 31 means the last day of a shorter month. Every instant is in exactly one period, even
 * before the first day of a cycle.
 *
 * @returns null for `every: none`, a plan that does not reset
 */
export function periodAt(spec: PeriodSpec, at: Date, timeZone: string): Period | null {
  const recurrence = recurrenceOf(spec);
  if (recurrence === null) return null;
  const boundary = (count: number) => startOfLocalDay(recurrence.startOf(count), timeZone);
  let count = recurrence.countAt(localDayOf(at, timeZone));
  // A clock set back at midnight repeats a day, so counting days may be one period off.
  while (at < boundary(count)) count -= 1;
  while (at >= boundary(count + 1)) count += 1;
  return { start: boundary(count), end: boundary(count + 1) };
}

/**
 * Returns the period of a reading after its recurrence was set. A period that the vendor reported stays.
 *
 * @param before the former recurrence, from which the present period may come
 */
export function rederivedPeriod(
  { observedAt, period }: { readonly observedAt: Date; readonly period: Period | null },
  before: PeriodSpec | null,
  after: PeriodSpec,
  timeZone: string,
): Period | null {
  const filledIn = before === null ? null : periodAt(before, observedAt, timeZone);
  const isVendors =
    period !== null && !(filledIn?.start.getTime() === period.start.getTime() && filledIn.end.getTime() === period.end.getTime());
  return isVendors ? period : periodAt(after, observedAt, timeZone);
}

/**
 * Returns the period that will contain a later instant: by the recurrence of the source if the period follows it, else by whole months
 * or days (in the given time zone if it begins at midnight there, else in UTC), else by its length.
 *
 * @param spec how the periods of its source recur; null if unknown
 */
export function laterPeriod(period: Period, at: Date, timeZone: string, spec: PeriodSpec | null = null): Period {
  const known = spec && periodAt(spec, period.start, timeZone);
  if (spec && known?.start.getTime() === period.start.getTime() && known.end.getTime() === period.end.getTime())
    return periodAt(spec, at, timeZone) ?? period;
  const zone = minuteOfDay(period.start, timeZone) === 0 ? timeZone : 'UTC';
  const boundary = monthly(period, zone) ?? daily(period, zone);
  if (boundary === null) return byLength(period, at);
  let count = 0;
  while (boundary(count + 1) <= at) count++;
  return { start: boundary(count), end: boundary(count + 1) };
}

/** Returns the start of the period `count` periods later. */
type Boundary = (count: number) => Date;

function monthly({ start, end }: Period, timeZone: string): Boundary | null {
  const from = calendarDate(localDayOf(start, timeZone));
  const to = calendarDate(localDayOf(end, timeZone));
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const minute = minuteOfDay(start, timeZone);
  const boundary = (count: number) => instantAt(dayOfMonth(from.year, from.month + months * count, from.day), minute, timeZone);
  return months > 0 && boundary(0).getTime() === start.getTime() && boundary(1).getTime() === end.getTime() ? boundary : null;
}

function daily({ start, end }: Period, timeZone: string): Boundary | null {
  const [from, to] = [localDayOf(start, timeZone), localDayOf(end, timeZone)];
  const boundary = (count: number) => startOfLocalDay(from + (to - from) * count, timeZone);
  return to > from && boundary(0).getTime() === start.getTime() && boundary(1).getTime() === end.getTime() ? boundary : null;
}

function byLength({ start, end }: Period, at: Date): Period {
  const length = end.getTime() - start.getTime();
  const later = start.getTime() + Math.floor((at.getTime() - start.getTime()) / length) * length;
  return { start: new Date(later), end: new Date(later + length) };
}
