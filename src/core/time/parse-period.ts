import { calendarDate, localDay, type LocalDay, isoDay } from './local-time.ts';
import { anchorOf, periodSpecSchema, weekdayOf, type PeriodSpec } from './period-spec.ts';
import { weekdays } from './weekday.ts';
import { MONTH_NAMES } from './parse-deadline.ts';

/** The kinds of periods by typed word. */
const NAMES = new Map<string, PeriodSpec['every']>([
  ['never', 'none'],
  ['none', 'none'],
  ['day', 'day'],
  ['days', 'day'],
  ['daily', 'day'],
  ['week', 'week'],
  ['weekly', 'week'],
  ['month', 'month'],
  ['monthly', 'month'],
  ['quarter', 'quarter'],
  ['quarterly', 'quarter'],
  ['half-year', 'half-year'],
  ['half-yearly', 'half-year'],
  ['year', 'year'],
  ['yearly', 'year'],
  ['annually', 'year'],
]);

/** Words without a meaning of their own: `every 30 days starting on the 15th of Jan`. */
const FILLERS = new Set(['every', 'each', 'on', 'the', 'of', 'from', 'since', 'starting', 'beginning', 'in', 'at']);
/** The period of a count of days, weeks, months or years. */
const COUNTED: Readonly<Record<string, (count: number) => PeriodSpec['every'] | null>> = {
  d: (count) => `${count}d`,
  w: (count) => `${count * 7}d`,
  m: (count) => (({ 1: 'month', 3: 'quarter', 6: 'half-year', 12: 'year' }) as const)[count] ?? null,
  y: (count) => (count === 1 ? 'year' : null),
};
const COUNT = /^(\d{1,4}) ?(d|w|m|y)(?:ays?|eeks?|onths?|ears?)?(?= |$)/;

/**
 * Parses how periods recur: `month 15`, `quarterly 1 feb`, `every year on 15 March`, `weekly friday`, `30d from 2026-01-15`, `daily`,
 * `never`. Periods in days start today, unless a first day is given.
 *
 * @param today decides the year of a date without one: the latest that is not in the future
 * @returns null if it is none of these
 */
export function typedPeriod(text: string, today: LocalDay): PeriodSpec | null {
  const words = text
    .toLowerCase()
    .replaceAll(/[,.]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !FILLERS.has(word))
    .join(' ')
    .replace(/^half year/, 'half-year');
  const counted = COUNT.exec(words);
  const [first = '', ...others] = words.split(' ');
  const every = counted ? (COUNTED[counted[2] ?? '']?.(Number(counted[1])) ?? null) : (NAMES.get(first) ?? null);
  if (every === null) return null;
  const anchor = anchorIn(counted ? words.slice(counted[0].length).trim() : others.join(' '), every, today);
  const spec = anchor && periodSpecSchema.safeParse({ every, ...anchor });
  return spec?.success ? spec.data : null;
}

/** Formats a period so that `typedPeriod` can parse it. */
export function writePeriod(spec: PeriodSpec): string {
  const { every, start } = spec;
  if (every === 'none') return 'never';
  if (start !== undefined) return `${every} ${start}`;
  if (every === 'day') return every;
  if (every === 'week') return `week ${weekdayOf(spec)}`;
  const { month, day } = anchorOf(spec);
  return every === 'month' ? `month ${String(day)}` : `${every} ${String(day)} ${MONTH_NAMES[month - 1] ?? ''}`;
}

type Anchor = Pick<PeriodSpec, 'day' | 'month' | 'weekday' | 'start'>;

/** Parses where periods begin; null if periods of this kind cannot begin there. */
function anchorIn(text: string, every: PeriodSpec['every'], today: LocalDay): Anchor | null {
  // Periods in days need a first day; the default is today.
  if (text === '') return /^\d/.test(every) && every !== '1d' ? { start: isoDay(today) } : {};
  if (every === 'none' || every === 'day') return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return { start: text };
  const isOfDays = every === 'week' || /^\d/.test(every);
  if (every === 'week') {
    const weekday = weekdays.find((name) => text.length >= 3 && (name.startsWith(text) || `${name}s` === text));
    if (weekday !== undefined) return { weekday };
  }
  if (text === 'last' || text === 'last day') return isOfDays ? null : { day: 31 };
  const [, first, name, second, year] =
    /^(\d{1,2})?(?:st|nd|rd|th)? ?(\p{L}{3,})?(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: (\d{4}))?$/u.exec(text) ?? [];
  if (first !== undefined && second !== undefined) return null;
  const month = name === undefined ? undefined : MONTH_NAMES.findIndex((one) => one.startsWith(name)) + 1;
  if (month === 0 || (month === undefined && (first === undefined || year !== undefined))) return null;
  const day = Number(first ?? second ?? 1);
  if (isOfDays || year !== undefined) return month === undefined ? null : startOn(month, day, year, today);
  if (every === 'month') return month === undefined ? { day } : null;
  return { day, ...(month !== undefined && { month }) };
}

function startOn(month: number, day: number, year: string | undefined, today: LocalDay): Anchor | null {
  const thisYear = calendarDate(today).year;
  const years = year === undefined ? [thisYear, thisYear - 1, thisYear - 2, thisYear - 3] : [Number(year)];
  const found = years.find((one) => {
    const on = localDay(one, month, day);
    return on !== null && (year !== undefined || on <= today);
  });
  if (found === undefined) return null;
  const on = localDay(found, month, day);
  return on === null ? null : { start: isoDay(on) };
}
