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
