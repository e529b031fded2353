import type { RequestTemplate } from './poll.ts';
import { dateOfPlaceholder, fillPlaceholders, isNumberPlaceholder, placeholdersIn } from './placeholder.ts';
import type { PeriodSpec } from '../time/period-spec.ts';

/** The value of a placeholder; undefined if it has none. */
export type ValueOf = (name: string) => string | undefined;

/** The protocol and the host of a URL. */
export const ORIGIN = /^https?:\/\/[^/?#]*/i;

/** Returns the values of placeholders that never change. */
export function constantValues(known: Readonly<Record<string, string>>): ValueOf {
  return (name) => (Object.hasOwn(known, name) ? known[name] : undefined);
}

/** Returns the values of placeholders at a time: dates, and the values that are known. */
export function placeholderValues(known: Readonly<Record<string, string>>, now: Date, period: PeriodSpec | null): ValueOf {
  const constant = constantValues(known);
  return (name) => constant(name) ?? dateOfPlaceholder(name, now, period);
}

/**
 * Fills in the placeholders of a request, each encoded for its place. A parameter of the query whose whole value becomes empty is left
 * out. Placeholders without a value stay.
 */
export function renderRequest<T extends RequestTemplate>(template: T, valueOf: ValueOf): T {
  const { url, headers, body } = template;
  return {
    ...template,
    url: renderUrl(url, valueOf),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fillPlaceholders(value, valueOf)])),
    body: body === null ? null : renderBody(body, (headers['content-type'] ?? '').toLowerCase(), valueOf),
  };
}

function renderUrl(url: string, valueOf: ValueOf): string {
  const [address = '', ...rest] = url.split('?');
  const [origin = ''] = ORIGIN.exec(address) ?? [];
  // A host is not encoded, so its value is checked when the file is read.
  const filled = fillPlaceholders(origin, valueOf) + fillPlaceholders(address.slice(origin.length), valueOf, encodeURIComponent);
  if (rest.length === 0) return filled;
  const parameters = rest
    .join('?')
    .split('&')
    .flatMap((parameter) => {
      const shown = fillPlaceholders(parameter, valueOf, encodeURIComponent);
      return shown !== parameter && shown.endsWith('=') ? [] : [shown];
    });
  return parameters.length === 0 ? filled : `${filled}?${parameters.join('&')}`;
}

function renderBody(body: string, contentType: string, valueOf: ValueOf): string {
  if (contentType.includes('x-www-form-urlencoded')) return fillPlaceholders(body, valueOf, encodeURIComponent);
  if (!contentType.includes('json')) return fillPlaceholders(body, valueOf);
  const numbers = placeholdersIn(body).filter(isNumberPlaceholder);
  const unquoted = numbers.reduce((text, name) => text.replaceAll(`"{{${name}}}"`, `{{${name}}}`), body);
  return fillPlaceholders(unquoted, valueOf, (value) => JSON.stringify(value).slice(1, -1));
}
