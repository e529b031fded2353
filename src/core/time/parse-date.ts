import { err, ok, type Result } from '../result.ts';
import { monthOf } from './month-names.ts';
import { EMPTY_TIME, readTime, type TimeOfDay } from './parse-time-of-day.ts';

/** The orders of year, month and day in numeric dates. */
const orders = ['year-month-day', 'day-month-year', 'month-day-year'] as const;
export type DayOrder = (typeof orders)[number];

/** A parsed instant. */
export type WrittenInstant = {
  readonly at: Date;
  /** Only a day was given: `at` is its start in UTC, and the figure may be from any time of the day. */
  readonly dateOnly: boolean;
  /** A time without a zone was given and read as UTC. */
  readonly zoneless: boolean;
};

export type NotRead =
  { readonly why: 'no-time' } | { readonly why: 'no-such-day' } | { readonly why: 'two-days'; readonly days: readonly string[] };

/** A smaller number counts seconds since 1970, a larger one milliseconds: the limit is 1973 in milliseconds and 5138 in seconds. */
const FIRST_MILLISECONDS = 100_000_000_000;
const COUNTED = /^\d{9,14}(?:\.\d{1,9})?$/;
/** A number outside this range is not a timestamp. */
const EARLIEST_COUNTED = Date.UTC(2001, 0);
const LATEST_COUNTED = Date.UTC(2100, 0);
/** Year, month and day without separators, with an optional hour, minute and second: `202611230800`. */
const DIGITS_ALONE = /^(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<date>\d{2})(?<hour>\d{2})?(?<minute>\d{2})?(?<second>\d{2})?$/;
/** Longer text is not a date and costs time. */
const LONGEST = 80;

const NUMBERS = /^(?<first>\d{4}|\d{1,2})(?<mark>[-/.])(?<second>\d{1,2})\k<mark>(?<third>\d{4}|\d{1,2})(?=$|[Tt ,])/;
const COMPACT = /^(?<first>\d{4})(?<second>\d{2})(?<third>\d{2})(?=[Tt]\d)/;
const DAY_FIRST =
  /^(?:\p{L}{2,12}\.?,? )?(?<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[- ](?:de |of )?(?<month>\p{L}{3,12}\.?)[- ,](?: |de |del )?(?<year>\d{4}|\d{2})(?=$|[T ,])/u;
const MONTH_FIRST = /^(?:\p{L}{2,12}\.?,? )?(?<month>\p{L}{3,12}\.?)[- ](?<day>\d{1,2})(?:st|nd|rd|th)?,? ?[- ]?(?<year>\d{4})(?=$|[T ,])/u;

type Day = { readonly year: number; readonly month: number; readonly day: number };

/**
 * Parses an instant: ISO 8601, RFC 2822, seconds or milliseconds since 1970, `2026-11-23 08:00 UTC`, `23.11.2026 08:00`, `11/23/2026
 * 8:00 AM`, `23-Nov-26`, `20261123`, `202611230800`, or a day alone. A time without a zone is UTC.
 *
 * @param order the order of the dates around it, if known
 */
export function parseInstant(raw: string, order: DayOrder | null = null): Result<WrittenInstant, NotRead> {
  const text = tidy(raw);
  const alone = digitsAlone(text);
  if (alone !== null) return alone;
  if (COUNTED.test(text)) return counted(text);
  const found = candidates(text);
  if (found === null) return err({ why: 'no-time' });
  const time = readTime(found.rest);
  if (time === null) return err({ why: 'no-time' });
  const days = found.days.filter((one) => found.days.length === 1 || order === null || one.order === order);
  const distinct = [...new Map(days.map(({ day }) => [isoDay(day), day])).values()];
  const [day] = distinct;
  if (day === undefined)
    return err(found.days.length > 0 ? { why: 'two-days', days: found.days.map((one) => isoDay(one.day)) } : { why: 'no-such-day' });
  if (distinct.length > 1) return err({ why: 'two-days', days: distinct.map(isoDay) });
  return instant(day, time);
}

/** Returns the possible orders of a numeric date; null if the date says nothing about other dates. */
function possibleOrders(raw: string): ReadonlySet<DayOrder> | null {
  const found = candidates(tidy(raw));
  return found === null || !found.ofNumbers ? null : new Set(found.days.map((one) => one.order));
}

/** Returns the only order that fits all dates of a column or a response; null if several fit, or none. */
export function orderOf(dates: Iterable<string>): DayOrder | null {
  let left: ReadonlySet<DayOrder> | null = null;
  for (const date of dates) left = narrowed(left, date);
  return onlyOf(left);
}

/** Returns the orders that still fit after one more date. */
export function narrowed(left: ReadonlySet<DayOrder> | null, date: string): ReadonlySet<DayOrder> | null {
  const possible = possibleOrders(date);
  if (possible === null) return left;
  return left === null ? possible : new Set([...left].filter((one) => possible.has(one)));
}

/** Returns the order if only one is left. */
export function onlyOf(left: ReadonlySet<DayOrder> | null): DayOrder | null {
  return left?.size === 1 ? ([...left][0] ?? null) : null;
}

function tidy(raw: string): string {
  const text = raw.length > LONGEST ? '' : raw;
  return text.replaceAll(/\s+/g, ' ').trim();
}

type Candidates = {
  readonly days: readonly { readonly order: DayOrder; readonly day: Day }[];
  readonly ofNumbers: boolean;
  readonly rest: string;
};

function candidates(text: string): Candidates | null {
  const numbers = NUMBERS.exec(text) ?? COMPACT.exec(text);
  if (numbers) {
    const { first = '', second = '', third = '', mark = '-' } = numbers.groups ?? {};
    const days = orders.flatMap((order) => {
      const day = inOrder(order, { first, second, third, mark });
      return day === null ? [] : [{ order, day }];
    });
    return { days, ofNumbers: first.length < 4 && mark !== '.', rest: text.slice(numbers[0].length) };
  }
  const named = DAY_FIRST.exec(text) ?? MONTH_FIRST.exec(text);
  if (!named) return null;
  const { day = '', month = '', year = '' } = named.groups ?? {};
  const nth = monthOf(month);
  if (nth === null) return null;
  const inCalendar = existing(fullYear(year), nth, Number(day));
  return {
    days: inCalendar === null ? [] : [{ order: 'day-month-year', day: inCalendar }],
    ofNumbers: false,
    rest: text.slice(named[0].length),
  };
}

function inOrder(
  order: DayOrder,
  { first, second, third, mark }: { readonly first: string; readonly second: string; readonly third: string; readonly mark: string },
): Day | null {
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  if (first.length === 4) return order === 'year-month-day' && third.length <= 2 ? existing(a, b, c) : null;
  // Points separate day, month and year only in this order.
  if (mark === '.' && order !== 'day-month-year') return null;
  if (order === 'year-month-day') return third.length === 4 || first.length < 2 ? null : existing(fullYear(first), b, c);
  if (third.length === 1) return null;
  return order === 'day-month-year' ? existing(fullYear(third), b, a) : existing(fullYear(third), a, b);
}

function fullYear(digits: string): number {
  return digits.length === 4 ? Number(digits) : 2000 + Number(digits);
}

function existing(year: number, month: number, day: number): Day | null {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  return year > 0 && at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
    ? { year, month, day }
    : null;
}

function isoDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function instant(day: Day, time: TimeOfDay | typeof EMPTY_TIME): Result<WrittenInstant, NotRead> {
  const start = Date.parse(`${isoDay(day)}T00:00:00Z`);
  if (time === EMPTY_TIME) return ok({ at: new Date(start), dateOnly: true, zoneless: false });
  const at = new Date(start + time.afterMidnightMs - (time.offsetMs ?? 0));
  return ok({ at, dateOnly: false, zoneless: time.offsetMs === null });
}

/**
 * Parses digits that are a day, with an optional time; null if they are not. With only an hour, they may also be seconds since 1970.
 */
function digitsAlone(text: string): Result<WrittenInstant, NotRead> | null {
  const { year = '', month = '', date = '', hour, minute, second } = DIGITS_ALONE.exec(text)?.groups ?? {};
  const day = existing(Number(year), Number(month), Number(date));
  if (day === null || Number(hour ?? 0) > 23) return null;
  if (hour === undefined) return instant(day, EMPTY_TIME);
  if (minute === undefined) {
    const seconds = counted(text);
    return seconds.ok ? err({ why: 'two-days', days: [isoDay(day), seconds.value.at.toISOString().slice(0, 10)] }) : null;
  }
  const time = readTime(`T${hour}:${minute}:${second ?? '00'}`);
  return time === null ? null : instant(day, time);
}

function counted(text: string): Result<WrittenInstant, NotRead> {
  const count = Number(text);
  const at = new Date(Math.round(count < FIRST_MILLISECONDS ? count * 1_000 : count));
  const isSane = at.getTime() >= EARLIEST_COUNTED && at.getTime() < LATEST_COUNTED;
  return isSane ? ok({ at, dateOnly: false, zoneless: false }) : err({ why: 'no-time' });
}
