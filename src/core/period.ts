import { z } from 'zod';
import { calendarDate, dayOfMonth, instantAt, localDayOf, minuteOfDay, startOfLocalDay } from './local-time.ts';

/** A half-open billing window [start, end). */
export type Period = { readonly start: Date; readonly end: Date };

/** How a source's periods recur when its readings do not say: from `period:` in creditwatch.yml. */
export const periodSpecSchema = z.strictObject({
  every: z.enum(['month', 'quarter', 'year', 'none']),
  day: z.int().min(1).max(31).default(1),
});
export type PeriodSpec = z.infer<typeof periodSpecSchema>;

/** How many months a period has. */
export const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

export function contains(period: Period, at: Date): boolean {
  const moment = at.getTime();
  return period.start.getTime() <= moment && moment < period.end.getTime();
}

/**
 * The period of a recurring plan that contains an instant. Boundaries are midnights in the given IANA zone; quarters and
 * years count from January; day 29 to 31 means the last day of a shorter month.
 *
 * @returns null for `every: none`, a plan that does not reset.
 */
export function periodAt(spec: PeriodSpec, at: Date, timeZone: string): Period | null {
  if (spec.every === 'none') return null;
  const months = MONTHS[spec.every];
  const { year, month } = calendarDate(localDayOf(at, timeZone));
  const first = Math.floor((month - 1) / months) * months + 1;
  const boundary = (offset: number) => startOfLocalDay(dayOfMonth(year, first + offset, spec.day), timeZone);
  const start = at < boundary(0) ? -months : 0;
  return { start: boundary(start), end: boundary(start + months) };
}

/**
 * The period of a reading once somebody has said how periods recur. What a vendor said of its own period stands.
 *
 * @param before how they recurred until now, by which the present period may have been filled in
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
 * The period that will contain a later instant if periods go on like this one: by whole months where it is some (of
 * the given zone when it begins at midnight there, else of UTC), and else by its length.
 */
export function laterPeriod(period: Period, at: Date, timeZone: string): Period {
  const boundary = monthly(period, minuteOfDay(period.start, timeZone) === 0 ? timeZone : 'UTC');
  if (boundary === null) return byLength(period, at);
  let count = 0;
  while (boundary(count + 1) <= at) count++;
  return { start: boundary(count), end: boundary(count + 1) };
}

/** The start of the period `count` periods later. */
type Boundary = (count: number) => Date;

function monthly({ start, end }: Period, timeZone: string): Boundary | null {
  const from = calendarDate(localDayOf(start, timeZone));
  const to = calendarDate(localDayOf(end, timeZone));
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const minute = minuteOfDay(start, timeZone);
  const boundary = (count: number) => instantAt(dayOfMonth(from.year, from.month + months * count, from.day), minute, timeZone);
  return months > 0 && boundary(0).getTime() === start.getTime() && boundary(1).getTime() === end.getTime() ? boundary : null;
}

function byLength({ start, end }: Period, at: Date): Period {
  const length = end.getTime() - start.getTime();
  const later = start.getTime() + Math.floor((at.getTime() - start.getTime()) / length) * length;
  return { start: new Date(later), end: new Date(later + length) };
}
