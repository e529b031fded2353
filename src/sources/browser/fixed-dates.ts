import type { RequestTemplate } from './request-template.ts';

/** Returns the names of parameters and fields whose values are dates: the request would ask for the same days forever. */
export function fixedDates({ url, body }: Pick<RequestTemplate, 'url' | 'body'>): readonly string[] {
  const inQuery = inPairs(url.split('?')[1] ?? '');
  const inBody = typeof body === 'string' ? inPairs(body) : inJson(body, '');
  return [...new Set([...inQuery, ...inBody])];
}

function inPairs(text: string): readonly string[] {
  return [...new URLSearchParams(text)].flatMap(([name, value]) => (isDate(value) ? [name] : []));
}

function inJson(json: unknown, name: string): readonly string[] {
  if (typeof json === 'string') return isDate(json) ? [name] : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => inJson(value, Array.isArray(json) ? name : key));
}

function isDate(value: string): boolean {
  return /^20\d\d-\d\d(?:-\d\d)?(?:T.{0,30})?$/.test(value) || (/^\d{10}(?:\d{3})?$/.test(value) && value.startsWith('1'));
}
