import { z } from 'zod';
import { calendarDate, dayOfMonth, localDayOf, startOfLocalDay } from './local-time.ts';

/** A half-open billing window [start, end). */
export type Period = { readonly start: Date; readonly end: Date };

/** How a source's periods recur when its readings do not say: from `period:` in creditwatch.yml. */
export const periodSpecSchema = z.strictObject({
  every: z.enum(['month', 'quarter', 'year', 'none']),
  day: z.int().min(1).max(31).default(1),
});
export type PeriodSpec = z.infer<typeof periodSpecSchema>;

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

export function contains(period: Period, at: Date): boolean {
  return period.start <= at && at < period.end;
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
