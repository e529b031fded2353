import { calendarDate, localDay, localDayOf, startOfLocalDay, weekdayIndex, type LocalDay } from './local-time.ts';
import { err, ok, type Result } from '../result.ts';
import { weekdays } from './weekday.ts';
import { dayText } from './days.ts';

/** The end of a local day, by which something is needed. */
export type Deadline = {
  /** The last day that counts: `5 Dec`. */
  readonly text: string;
  /** The first instant after that day. */
  readonly end: Date;
};

/** Why a typed text is not a future day. */
export type DeadlineProblem =
  { readonly code: 'empty' | 'not-a-date' | 'no-such-day' | 'past' } | { readonly code: 'too-far'; readonly mostYears: number };

/** Full month names, as people type them. */
export const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
/** Credits are not planned further ahead, and a mistyped year must not look like a plan. */
const MOST_YEARS = 5;

/**
 * Parses a date: `5 dec`, `dec 5`, `2026-12-05`, `friday`, `today`, `tomorrow`. Without a year it is the next such day, including
 * today.
 *
 * @param timeZone the requester's, or the account's
 * @returns the end of that local day, or the problem
 */
export function parseDeadline(text: string, now: Date, timeZone: string): Result<Deadline, DeadlineProblem> {
  const today = localDayOf(now, timeZone);
  const found = read(
    text
      .trim()
      .toLowerCase()
      .replaceAll(/\s+/g, ' ')
      .replace(/^(?:the|on) /, ''),
    today,
  );
  if (!found.ok) return found;
  const day = found.value;
  if (day < today) return err({ code: 'past' });
  const { year } = calendarDate(today);
  if (calendarDate(day).year > year + MOST_YEARS) return err({ code: 'too-far', mostYears: MOST_YEARS });
  return ok({ text: written(day, year), end: startOfLocalDay(day + 1, timeZone) });
}

function read(typed: string, today: LocalDay): Result<LocalDay, DeadlineProblem> {
  if (typed === '') return err({ code: 'empty' });
  if (typed === 'today') return ok(today);
  if (typed === 'tomorrow') return ok(today + 1);
  const weekday = weekdays.findIndex((name) => name === typed || (typed.length >= 3 && name.startsWith(typed)));
  if (weekday >= 0) return ok(today + ((weekday - weekdayIndex(today) + 7) % 7));
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
  if (iso) return existing(localDay(Number(iso[1]), Number(iso[2]), Number(iso[3])));
  const named = /^(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?(\p{L}+)\.?,?(?: (\d{4}))?$/u.exec(typed);
  if (named) return inMonth(named[2], named[1], named[3], today);
  const reversed = /^(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$/u.exec(typed);
  if (reversed) return inMonth(reversed[1], reversed[2], reversed[3], today);
  return err({ code: 'not-a-date' });
}

function inMonth(name = '', day = '', year: string | undefined, today: LocalDay): Result<LocalDay, DeadlineProblem> {
  const month = MONTH_NAMES.findIndex((one) => one === name || (name.length >= 3 && one.startsWith(name))) + 1;
  if (month === 0) return err({ code: 'not-a-date' });
  if (year !== undefined) return existing(localDay(Number(year), month, Number(day)));
  const thisYear = calendarDate(today).year;
  const next = [thisYear, thisYear + 1].map((one) => localDay(one, month, Number(day))).find((one) => one !== null && one >= today);
  return existing(next ?? null);
}

function existing(day: LocalDay | null): Result<LocalDay, DeadlineProblem> {
  return day === null ? err({ code: 'no-such-day' }) : ok(day);
}

/** `5 Dec`, with the year where it is not this one. */
function written(day: LocalDay, thisYear: number): string {
  const { year } = calendarDate(day);
  return year === thisYear ? dayText(day) : `${dayText(day)} ${String(year)}`;
}
