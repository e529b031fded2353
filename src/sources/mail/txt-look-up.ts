import { Resolver } from 'node:dns/promises';
import type { ResolveTxt } from './dkim.ts';

const DNS_WITHIN_MS = 5_000;

/** Looks up TXT records by the name servers of this machine. */
export function createTxtLookUp(): ResolveTxt {
  const resolver = new Resolver({ timeout: DNS_WITHIN_MS, tries: 2 });
  return async (name) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
      throw error;
    }
  };
}

/** More names than the senders of one source sign with. */
const MOST_NAMES = 20;

/**
 * Looks up each name once, and only some names, for the mails of one poll. After a look-up that DNS does not answer, the others fail at
 * once, because each would take seconds.
 */
export function sparing(resolveTxt: ResolveTxt): ResolveTxt {
  const asked = new Map<string, Promise<readonly string[]>>();
  let away: Error | null = null;
  return (name) => {
    const before = asked.get(name);
    if (before !== undefined) return before;
    if (away !== null || asked.size === MOST_NAMES) return Promise.reject(away ?? new Error());
    const answer = resolveTxt(name).catch((error: unknown) => {
      away = error instanceof Error ? error : new Error();
      throw error;
    });
    asked.set(name, answer);
    return answer;
  };
}
