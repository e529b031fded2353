import { hasSecretPart, isSecretName } from './secret-text.ts';
import type { BrowserRequest } from './browser-request.ts';
import type { Variables } from './variables.ts';

/** About the connection, the browser or tracing. A vendor's endpoint does not need them. */
const DROPPED = new Set(
  'host connection content-length accept-encoding accept-language cache-control pragma te dnt priority upgrade-insecure-requests if-none-match if-modified-since purpose expect keep-alive transfer-encoding range save-data traceparent tracestate baggage sentry-trace newrelic idempotency-key x-request-id x-correlation-id x-amzn-trace-id alt-used proxy-authorization'.split(
    ' ',
  ),
);
const DROPPED_BEGINNINGS = /^(?::|sec-|proxy-|x-b3-|x-datadog-|x-forwarded-|cf-)/;
/** A vendor may accept a session only from the browser that it belongs to, and a POST only from its own pages. */
const WITH_COOKIES = new Set(['user-agent', 'origin', 'referer']);

const JSON_TYPE = 'application/json';
const PLAIN_TYPES = new Set(['application/x-www-form-urlencoded', 'application/graphql', 'application/xml', 'text/plain', 'text/xml']);

/** Returns the headers that the source sends, with variables in place of secrets. */
export function headersFor(
  { headers, body }: Pick<BrowserRequest, 'headers' | 'body'>,
  variables: Variables,
): Readonly<Record<string, string>> {
  const hasCookies = headers.some(([name]) => name === 'cookie');
  const kept = new Map<string, string>();
  for (const [name, value] of joined(headers)) {
    if (!isSent(name, { hasCookies, hasBody: body !== null })) continue;
    const written = headerFor(name, value, variables);
    if (written !== null) kept.set(name, written);
  }
  return Object.fromEntries(kept);
}

/** Headers that occur twice, as one: https://www.rfc-editor.org/rfc/rfc9110#section-5.3 */
function joined(headers: BrowserRequest['headers']): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = all.get(name);
    all.set(name, before === undefined || name === 'authorization' ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return all;
}

function isSent(name: string, { hasCookies, hasBody }: { readonly hasCookies: boolean; readonly hasBody: boolean }): boolean {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/.test(name) || name === '__proto__') return false;
  // A name with a secret in it cannot be written.
  if (hasSecretPart(name)) return false;
  if (DROPPED.has(name) || DROPPED_BEGINNINGS.test(name)) return false;
  if (name === 'content-type') return hasBody;
  return hasCookies || !WITH_COOKIES.has(name);
}

/** Null if the header says nothing that the source does not send anyway. */
function headerFor(name: string, value: string, variables: Variables): string | null {
  const place = { in: 'header', name, scheme: null } as const;
  if (name === 'accept') return /^(?:\*\/\*|application\/json|text\/html)/i.test(value) ? null : variables.literal(value, name, place);
  if (name === 'content-type') {
    const type = (value.split(';')[0] ?? '').trim().toLowerCase();
    return type === JSON_TYPE ? null : PLAIN_TYPES.has(type) ? type : variables.literal(value, name, place);
  }
  if (name === 'cookie') return variables.whole(value, name, { in: 'cookies' });
  if (name === 'referer') return URL.canParse(value) ? variables.literal(`${new URL(value).origin}/`, name, place) : null;
  const [, scheme, credentials] = /^([A-Za-z]{1,20}) +(\S.*)$/.exec(value) ?? [];
  if (scheme !== undefined && credentials !== undefined && isSecretName(name))
    return `${scheme} ${variables.whole(credentials, name === 'authorization' && scheme.toLowerCase() === 'basic' ? 'basic' : name, { ...place, scheme })}`;
  if (isSecretName(name)) return variables.whole(value, name, place);
  return variables.literal(value, name, place);
}
