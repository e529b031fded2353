import { TZDate } from '@date-fns/tz';
import { lightFormat } from 'date-fns/lightFormat';
import { DAY_MS } from '../time/local-time.ts';
import { periodAt } from '../time/period.ts';
import type { PeriodSpec } from '../time/period-spec.ts';

/** `{{name}}` in the URL, the headers or the body of a request. `${NAME}` is a variable of the environment and never gets here. */
const PLACEHOLDER = /\{\{ ?([^{}\s]{1,64}) ?\}\}/g;

/** Lists the placeholders of a text, each once, in their order. */
export function placeholdersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/**
 * Replaces placeholders.
 *
 * @param valueOf returns undefined for a placeholder that stays
 * @param encode makes a value safe for its place
 */
export function fillPlaceholders(
  text: string,
  valueOf: (name: string) => string | undefined,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = valueOf(name);
    return value === undefined ? whole : encode(value);
  });
}

/** A date: which one, days or hours added to it, and how it is written. */
const DATE = /^(now|today|tomorrow|monthStart|nextMonth|periodStart|periodEnd)(?:([+-]\d{1,4})([dh]))?(?::(.+))?$/;
const PATTERN = /^(?:yyyy|MM|dd|HH|mm|ss|[-/_.])+$/;
const DATE_ONLY = 'yyyy-MM-dd';
const HOUR_MS = 60 * 60_000;

/** Whether a placeholder is a date, such as `monthStart`, `now:unix` or `today-30d:yyyy-MM-dd`. */
export function isDatePlaceholder(name: string): boolean {
  const format = DATE.exec(name)?.[4];
  return DATE.test(name) && (format === undefined || ['unix', 'ms', 'date'].includes(format) || PATTERN.test(format));
}

/** Whether a placeholder is written as a number, so that a JSON body needs no quotes around it. */
export function isNumberPlaceholder(name: string): boolean {
  return isDatePlaceholder(name) && /:(?:unix|ms)$/.test(name);
}

/**
 * Writes the date of a placeholder, in UTC: as RFC 3339, in seconds (`unix`) or milliseconds (`ms`) since 1970, or by a pattern of
 * date-fns.
 *
 * @param spec the periods of the source, for `periodStart` and `periodEnd`; null: calendar months
 * @returns undefined if the placeholder is not a date
 */
export function dateOfPlaceholder(name: string, now: Date, spec: PeriodSpec | null): string | undefined {
  const [, which, amount, unit, format] = DATE.exec(name) ?? [];
  if (which === undefined || !isDatePlaceholder(name)) return undefined;
  const added = Number(amount ?? 0) * (unit === 'h' ? HOUR_MS : DAY_MS);
  const at = new Date(startOf(which, now, spec).getTime() + added);
  if (format === 'unix') return String(Math.floor(at.getTime() / 1000));
  if (format === 'ms') return String(at.getTime());
  if (format === undefined) return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
  return lightFormat(new TZDate(at, 'UTC'), format === 'date' ? DATE_ONLY : format);
}

function startOf(which: string, now: Date, spec: PeriodSpec | null): Date {
  const day = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  switch (which) {
    case 'today':
      return new Date(day);
    case 'tomorrow':
      return new Date(day + DAY_MS);
    case 'monthStart':
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
    case 'nextMonth':
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
    case 'periodStart':
    case 'periodEnd': {
      const period = periodAt(spec === null || spec.every === 'none' ? { every: 'month' } : spec, now, 'UTC');
      return (which === 'periodStart' ? period?.start : period?.end) ?? now;
    }
    default:
      return now;
  }
}
