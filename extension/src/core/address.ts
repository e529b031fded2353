/** Web addresses: which ones are accepted, and what of them is asked for, compared and sent. */

const LOOPBACK = new Set(['127.0.0.1', 'localhost']);
const LONGEST = 2_000;

function parsed(text: string): URL | null {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  return url.username === '' && url.password === '' ? url : null;
}

/**
 * Parses the address of Creditwatch as `PUBLIC_URL` may be set: https, or http on this machine; a path is possible.
 *
 * @returns it without a slash at the end; null if a key must not be sent there
 */
export function creditwatchAddress(text: string): string | null {
  const url = parsed(text);
  if (url === null || url.search !== '' || url.hash !== '') return null;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return null;
  return url.origin + url.pathname.replace(/\/{1,100}$/, '');
}

/**
 * Parses the address of a usage page. `POST /v1/pages` accepts only https.
 *
 * @returns it as the browser writes it; null if it cannot be used
 */
export function pageAddress(text: string): string | null {
  const url = parsed(text);
  return url?.protocol === 'https:' ? url.href : null;
}

/** Returns the match pattern for the host of an address. It has no port: Firefox accepts none, and without one it fits every port. */
export function hostPattern(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}

/** Returns what of a page's address is sent: no query and no fragment, because these can hold secrets of the session. */
export function sentAddress(page: string): string {
  const { origin, pathname } = new URL(page);
  return origin + pathname;
}
