import { calendarDate, dayOfMonth, localDay, weekdayIndex, type LocalDay } from './local-time.ts';
import { weekdays } from './weekday.ts';
import { parseInstant } from './parse-date.ts';
import { monthOf } from './month-names.ts';

/** From the first to the last day, inclusive. */
export type Days = { readonly first: LocalDay; readonly last: LocalDay };

/** A parsed date: a month alone means all its days, and no year means the latest. */
type Written = { readonly year: number | null; readonly month: number; readonly day: number | null };

const ISO = String.raw`\d{4}-\d{1,2}-\d{1,2}`;
const INTRODUCTION = /^(?:from|between) /;
/** Separators between two full dates. */
const BETWEEN = / (?:to|until|till|through|thru|and|bis) | ?(?:\.{2,3}|…|→|->|–|—) ?| - /g;
/** Ranges without spaces: `2026-11-20/2026-11-25`, `20-25 nov`, `nov 20-25`. */
const JOINED = [
  new RegExp(`^(?:from )?(?<from>${ISO})[-/](?<to>${ISO})$`),
  /^(?<from>\d{1,2})-(?<to>\d{1,2} \p{L}.*)$/u,
  /^(?<from>\p{L}{3,}\.? \d{1,2})-(?<to>\d{1,2})$/u,
];

/**
 * Parses past days: `yesterday`, `1 nov`, `2026-11-01`, `october`, `2026-11-20..2026-11-25`, `from 20 nov to 25 nov`, `20-25 nov`.
 * Future days are left out.
 *
 * @param typed in lower case, with single spaces
 * @returns null if it is not a date, or only a future one; `isSpan` distinguishes a range or a month from one day
 */
export function typedDays(typed: string, today: LocalDay): (Days & { readonly isSpan: boolean }) | null {
  const pair = twoIn(typed) ?? joinedIn(typed);
  if (pair !== null) return between(...completed(...pair), today);
  const days = latest(typed, today);
  return days && { ...days, isSpan: days.first !== days.last };
}

function twoIn(typed: string): readonly [string, string] | null {
  const days = typed.replace(INTRODUCTION, '');
  for (const { index, 0: separator } of days.matchAll(BETWEEN)) {
    const to = days.slice(index + separator.length);
    if (index > 0 && to !== '') return [days.slice(0, index), to];
  }
  return null;
}

function joinedIn(typed: string): readonly [string, string] | null {
  const groups = JOINED.map((form) => form.exec(typed)?.groups).find((found) => found !== undefined);
  return groups === undefined ? null : [groups['from'] ?? '', groups['to'] ?? ''];
}

function between(from: string, to: string, today: LocalDay): (Days & { readonly isSpan: boolean }) | null {
  const begin = latest(from, today);
  if (begin === null) return null;
  const end = endingAfter(to, begin.first, today);
  return end === null ? null : { first: begin.first, last: end, isSpan: true };
}

/** Returns the last day of a range, at most today. */
function endingAfter(typed: string, first: LocalDay, today: LocalDay): LocalDay | null {
  const days = latest(typed, today);
  if (days !== null && days.last >= first) return days.last;
  const written = writtenDate(typed);
  const later = written && daysOf(written, calendarDate(first).year);
  return later === null || later.last < first ? null : Math.min(later.last, today);
}

/** `20 to 25 nov` and `nov 20 to 25` name the month once. */
function completed(from: string, to: string): readonly [string, string] {
  const day = /^\d{1,2}(?:st|nd|rd|th)?\.?$/;
  const month = to.search(/\p{L}{3}/u);
  if (day.test(from)) return [`${from} ${month === -1 ? '' : to.slice(month)}`, to];
  const before = /^\p{L}{3,}/u.exec(from)?.[0];
  return day.test(to) && before !== undefined ? [from, `${before} ${to}`] : [from, to];
}

/** Returns the latest days of a name that have begun. */
function latest(typed: string, today: LocalDay): Days | null {
  if (typed === 'today') return { first: today, last: today };
  if (typed === 'yesterday') return { first: today - 1, last: today - 1 };
  const weekday = weekdays.findIndex((name) => name === typed || (typed.length >= 3 && name.startsWith(typed)));
  if (weekday >= 0) {
    const day = today - ((weekdayIndex(today) - weekday + 7) % 7);
    return { first: day, last: day };
  }
  const written = writtenDate(typed);
  if (written === null) return null;
  const { year } = calendarDate(today);
  for (const one of written.year === null ? [year, year - 1] : [written.year]) {
    const days = daysOf(written, one);
    if (days !== null && days.first <= today) return { first: days.first, last: Math.min(days.last, today) };
  }
  return null;
}

function daysOf({ year, month, day }: Written, unsaid: number): Days | null {
  const named = year ?? unsaid;
  if (day === null) return { first: dayOfMonth(named, month, 1), last: dayOfMonth(named, month, 31) };
  const one = localDay(named, month, day);
  return one === null ? null : { first: one, last: one };
}

function writtenDate(typed: string): Written | null {
  const numbers = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(typed);
  if (numbers) {
    const month = Number(numbers[2]);
    return month < 1 || month > 12 ? null : { year: Number(numbers[1]), month, day: numbers[3] === undefined ? null : Number(numbers[3]) };
  }
  const [, first, name = '', second, year] =
    /^(?:(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?)?(\p{L}{3,})\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?,?(?: (\d{4}))?$/u.exec(typed) ?? [];
  const month = monthOf(name);
  if (month !== null)
    return first !== undefined && second !== undefined
      ? null
      : {
          year: year === undefined ? null : Number(year),
          month,
          day: first === undefined && second === undefined ? null : Number(first ?? second),
        };
  const read = /^\d{1,4}[./-]/.test(typed) ? parseInstant(typed) : null;
  if (!read?.ok || !read.value.dateOnly) return null;
  const { at } = read.value;
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}
