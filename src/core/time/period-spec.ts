import { z } from 'zod';
import { calendarDate, dayOfIso, dayOfMonth, weekdayIndex, type LocalDay } from './local-time.ts';
import { weekdays, type Weekday } from './weekday.ts';

/** The length of periods that are counted in months. */
const MONTHS = { month: 1, quarter: 3, 'half-year': 6, year: 12 } as const;
type Calendar = keyof typeof MONTHS;

/** The longest cycle in days: ten years. */
export const LONGEST_CYCLE_DAYS = 3660;

const EVERY = 'must be day, week, month, quarter, half-year, year, none, or a number of days such as 30d';
const calendar = z.enum(['day', 'week', 'month', 'quarter', 'half-year', 'year', 'none']);
const cycle = z
  .templateLiteral([z.int(), 'd'])
  .refine((text) => daysIn(text) >= 1 && daysIn(text) <= LONGEST_CYCLE_DAYS, `must be from 1d to ${String(LONGEST_CYCLE_DAYS)}d`);

/**
 * How the periods of a source recur if its readings do not say: from `period:` in creditwatch.yml, or set in chat. They begin at
 * midnight in the account's time zone. `start`: the first day of any one period, in place of the other fields. `month`: a month in
 * which a quarter, half-year or year begins.
 */
export const periodSpecSchema = z
  .strictObject({
    every: z.union([calendar, cycle], EVERY),
    day: z.int().min(1).max(31).optional(),
    month: z.int().min(1).max(12).optional(),
    weekday: z.enum(weekdays).optional(),
    start: z.iso.date('must be a date such as 2026-01-15').optional(),
  })
  .superRefine((spec, context) => {
    const refuse = (path: 'day' | 'month' | 'weekday' | 'start', message: string) => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const { every, start } = spec;
    if (isCycle(every) && start === undefined && daysIn(every) > 1)
      refuse('start', 'is missing: it must be the first day of one of the periods, such as 2026-01-15');
    // `{ every: none, day: 1 }` has always been taken.
    if (spec.day !== undefined && !isCalendar(every) && every !== 'none')
      refuse(
        'day',
        `is for month, quarter, half-year and year: ${every === 'week' ? 'a week has weekday or start' : 'take start instead'}`,
      );
    if (spec.month !== undefined && (!isCalendar(every) || every === 'month')) refuse('month', 'is for quarter, half-year and year');
    if (spec.weekday !== undefined && every !== 'week') refuse('weekday', 'is for week');
    if (start !== undefined && (every === 'none' || every === 'day')) refuse('start', `has no meaning where every is ${every}`);
    const other = (['day', 'month', 'weekday'] as const).find((key) => spec[key] !== undefined);
    if (start !== undefined && other !== undefined) refuse(other, 'is said by start already: leave one of them out');
  });
export type PeriodSpec = z.infer<typeof periodSpecSchema>;

/** The numbered start days of periods, and the number of the period that contains a day. */
type Recurrence = { readonly startOf: (count: number) => LocalDay; readonly countAt: (day: LocalDay) => number };

/**
 * Returns the recurrence of a period.
 *
 * @returns null if it does not reset
 */
export function recurrenceOf(spec: PeriodSpec): Recurrence | null {
  const { every } = spec;
  if (every === 'none') return null;
  if (isCalendar(every)) {
    const months = MONTHS[every];
    const { month, day } = anchorOf(spec);
    const startOf = (count: number) => dayOfMonth(2000, month + count * months, day);
    return {
      startOf,
      countAt(at) {
        const on = calendarDate(at);
        const count = Math.floor(((on.year - 2000) * 12 + on.month - month) / months);
        return at < startOf(count) ? count - 1 : count;
      },
    };
  }
  const days = every === 'week' ? 7 : every === 'day' ? 1 : daysIn(every);
  const first = firstOf(spec);
  return { startOf: (count) => first + count * days, countAt: (at) => Math.floor((at - first) / days) };
}

/** Returns the month (1 to 12) and the day on which a period of months begins. */
export function anchorOf({ month = 1, day = 1, start }: PeriodSpec): { readonly month: number; readonly day: number } {
  return start === undefined ? { month, day } : calendarDate(dayOfIso(start));
}

/** The months of a year in which a period begins, from 1. */
export function monthsOf(spec: PeriodSpec): readonly number[] {
  const step = isCalendar(spec.every) ? MONTHS[spec.every] : 12;
  const { month } = anchorOf(spec);
  return Array.from({ length: 12 / step }, (_, index) => ((month - 1 + index * step) % 12) + 1).toSorted((a, b) => a - b);
}

/** Returns the weekday on which a weekly period begins; the default is Monday. */
export function weekdayOf({ weekday = 'monday', start }: PeriodSpec): Weekday {
  return start === undefined ? weekday : (weekdays[weekdayIndex(dayOfIso(start))] ?? weekday);
}

/** The length of a period as `count` months or days. */
export function lengthOf(every: PeriodSpec['every']): { readonly months: number } | { readonly days: number } | null {
  if (every === 'none') return null;
  if (isCalendar(every)) return { months: MONTHS[every] };
  return { days: every === 'week' ? 7 : every === 'day' ? 1 : daysIn(every) };
}

function firstOf(spec: PeriodSpec): LocalDay {
  if (spec.start !== undefined) return dayOfIso(spec.start);
  // 5 January 1970 was a Monday.
  return spec.every === 'week' ? 4 + weekdays.indexOf(weekdayOf(spec)) : 0;
}

function isCalendar(every: PeriodSpec['every']): every is Calendar {
  return Object.hasOwn(MONTHS, every);
}

function isCycle(every: PeriodSpec['every']): every is `${number}d` {
  return /^\d+d$/.test(every);
}

function daysIn(cycle: string): number {
  return Number.parseInt(cycle, 10);
}
