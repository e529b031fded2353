import { withoutTail } from '../core/text/text-end.ts';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Reads `PUBLIC_URL`, the address of the service behind a proxy with TLS, without a slash at the end. Null if it is not set or has a
 * mistake, which is reported.
 */
export function readPublicUrl({
  get,
  problem,
}: {
  readonly get: (name: 'PUBLIC_URL') => string | undefined;
  readonly problem: (where: string, message: string) => void;
}): string | null {
  const value = get('PUBLIC_URL');
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!url || !isSafe || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    problem('PUBLIC_URL', 'must be an https URL such as https://credits.example.com, without a query; http only for this machine');
    return null;
  }
  return withoutTail(url.href, (character) => character === '/');
}
