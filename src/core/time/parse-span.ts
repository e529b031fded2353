import { typedDays, type Days } from './parse-days.ts';
import { calendarDate, dayOfMonth, localDayOf, weekdayIndex, type LocalDay } from './local-time.ts';
import { periodAt, type Period } from './period.ts';
import type { PeriodSpec } from './period-spec.ts';

/** Days in the past, inclusive; or a billing period, whose days depend on the meter. */
export type Span = Days | { readonly period: 'this' | 'last' };

const LONGEST_DAYS = 3650;
const MOST_WORDS = 9;

/**
 * Parses a span: `30d`, `last 2 weeks`, `last week`, `this month`, `this period`, `yesterday`, `october`, `since 2026-11-01`, `1 nov`
 * (since then), `1 oct to 15 oct`, `2026-10-01..2026-10-15`. A week begins on Monday, and a day without a year is the latest such day.
 *
 * @returns null if it is none of these
 */
export function typedSpan(text: string, today: LocalDay): Span | null {
  const plain = text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const { word, typed = '' } = /^(?:(?<word>in|for|over|since) )?(?:the )?(?<typed>.*)$/.exec(plain)?.groups ?? {};
  const [, which, unit] = /^(this|current|last|previous|past) (week|month|quarter|year|period)$/.exec(typed) ?? [];
  if (unit === 'period') return { period: which === 'this' || which === 'current' ? 'this' : 'last' };
  if (unit !== undefined) return calendarSpan(unit, which === 'this' || which === 'current', today);
  const [, count = '1', kind] = /^(?:(?:last|past) )?(\d{1,4}) ?(d|days?|w|weeks?|months?)$/.exec(typed) ?? [];
  if (kind !== undefined) return { first: back(Number(count), kind, today), last: today };
  const days = typedDays(typed, today) ?? typedDays(typed.replace(/^from /, ''), today);
  if (days === null) return null;
  // One day other than today and yesterday means from then until today.
  const isOpen = word === 'since' || (!days.isSpan && typed !== 'today' && typed !== 'yesterday');
  return { first: days.first, last: isOpen ? today : days.last };
}

/** Finds the longest span at the end of the text, and returns the text before it. */
export function endsInSpan(text: string, today: LocalDay): { readonly what: string; readonly span: Span | null; readonly typed: string } {
  const words = text.split(' ').filter((word) => word !== '');
  for (let start = Math.max(0, words.length - MOST_WORDS); start < words.length; start += 1) {
    const typed = words.slice(start).join(' ');
    const span = typedSpan(typed, today);
    if (span !== null) return { what: words.slice(0, start).join(' '), span, typed: typed.toLowerCase() };
  }
  return { what: words.join(' '), span: null, typed: '' };
}

/**
 * Returns the days of a span for one meter. The last period follows the recurrence of the source, else it is as long as the current
 * one.
 *
 * @returns null if the span is a period and the meter has none
 */
export function daysOfSpan(
  span: Span,
  {
    period,
    spec,
    now,
    timeZone,
  }: { readonly period: Period | null; readonly spec: PeriodSpec | null; readonly now: Date; readonly timeZone: string },
): Days | null {
  if (!('period' in span)) return span;
  if (period === null) return null;
  const present = now >= period.end ? { start: period.end, end: now } : period;
  if (span.period === 'this') return { first: localDayOf(present.start, timeZone), last: localDayOf(now, timeZone) };
  const before = now >= period.end ? period : periodBefore(period, spec, timeZone);
  return { first: localDayOf(before.start, timeZone), last: localDayOf(before.end, timeZone) - 1 };
}

function periodBefore({ start, end }: Period, spec: PeriodSpec | null, timeZone: string): Period {
  const recurring = spec && periodAt(spec, new Date(start.getTime() - 1), timeZone);
  if (recurring) return recurring;
  const [first, next] = [calendarDate(localDayOf(start, timeZone)), calendarDate(localDayOf(end, timeZone))];
  const months = (next.year - first.year) * 12 + next.month - first.month;
  const length = end.getTime() - start.getTime();
  if (next.day !== first.day || months < 1) return { start: new Date(start.getTime() - length), end: start };
  const days = localDayOf(start, timeZone) - monthsBack(localDayOf(start, timeZone), months);
  return { start: new Date(start.getTime() - days * 86_400_000), end: start };
}

function calendarSpan(unit: string, isPresent: boolean, today: LocalDay): Days {
  if (unit === 'week') {
    const monday = today - weekdayIndex(today);
    return isPresent ? { first: monday, last: today } : { first: monday - 7, last: monday - 1 };
  }
  const { year, month } = calendarDate(today);
  const size = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12;
  const first = dayOfMonth(year, month - ((month - 1) % size), 1);
  return isPresent ? { first, last: today } : { first: monthsBack(first, size), last: first - 1 };
}

function back(count: number, unit: string, today: LocalDay): LocalDay {
  if (unit.startsWith('m')) return monthsBack(today, Math.min(count, LONGEST_DAYS / 30)) + 1;
  const days = Math.min(LONGEST_DAYS, Math.max(1, count) * (unit.startsWith('w') ? 7 : 1));
  return today - days + 1;
}

function monthsBack(day: LocalDay, count: number): LocalDay {
  const date = calendarDate(day);
  const months = date.year * 12 + date.month - 1 - count;
  return dayOfMonth(Math.floor(months / 12), (months % 12) + 1, date.day);
}
