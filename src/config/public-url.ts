import { withoutTail } from '../core/text/text-end.ts';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** `PUBLIC_URL`: where the service is reached from outside, through a proxy that has TLS. Without a slash at its end; null when not set. */
export function readPublicUrl({
  get,
  problem,
}: {
  readonly get: (name: string) => string | undefined;
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
