import { Resolver } from 'node:dns/promises';
import type { ResolveTxt } from './dkim.ts';

const DNS_WITHIN_MS = 5_000;
/** Codes of Node by which there is no record, and none by asking again: no such name, none of its kind, or not a name. */
const NO_RECORD = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Looks up TXT records by the name servers of this machine, or by those given, as `address:port`. */
export function createTxtLookUp(servers: readonly string[] = []): ResolveTxt {
  const resolver = new Resolver({ timeout: DNS_WITHIN_MS, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return async (name) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (NO_RECORD.has(codeOf(error))) return [];
      throw error;
    }
  };
}

/** Why a name was not looked up, as a code beside those of Node. */
class NotAskedError extends Error {
  readonly code: string;

  constructor(code: 'MANY_NAMES' | 'SILENT_SERVERS') {
    super(code);
    this.code = code;
  }
}

/** More names than the senders of one source sign with. */
const MOST_NEW_NAMES = 100;
/** More names than the senders of all sources sign with. */
const MOST_KNOWN_NAMES = 1_000;
/** So many domains of one poll may be silent. Each takes seconds. */
const MOST_SILENT = 2;
/** A record that has a key. A domain may have one record for all names, such as that of SPF, and forged mails can name any number of names. */
const HAS_KEY = /(?:^|;)\s*p\s*=\s*[^\s;]/;
/** Codes of Node for name servers that do not answer at all. */
const UNANSWERED = new Set(['ETIMEOUT', 'ECONNREFUSED']);

/**
 * Looks up each name once, and only some names, for the mails of one poll. A name that its server refuses or cannot look up says nothing
 * about another one. If no server answers for a domain, no further name of it is looked up, and after two such domains none at all.
 *
 * @param known names under which a key was found in earlier polls; those found now are added. They take no place from new names, nor
 *   do new names from them, so that forged mails with many names do not delay the mails of a sender that is known.
 */
export function sparing(resolveTxt: ResolveTxt, known: Set<string>): ResolveTxt {
  const asked = new Map<string, Promise<readonly string[]>>();
  let newNames = 0;
  const silent = new Set<string>();
  return (name) => {
    const before = asked.get(name);
    if (before !== undefined) return before;
    if (silent.has(domainOf(name)) || silent.size === MOST_SILENT) return Promise.reject(new NotAskedError('SILENT_SERVERS'));
    if (!known.has(name) && newNames === MOST_NEW_NAMES) return Promise.reject(new NotAskedError('MANY_NAMES'));
    if (!known.has(name)) newNames += 1;
    const answer = resolveTxt(name).then(
      (records) => {
        if (records.some((record) => HAS_KEY.test(record)) && known.size < MOST_KNOWN_NAMES) known.add(name);
        return records;
      },
      (error: unknown) => {
        if (UNANSWERED.has(codeOf(error))) silent.add(domainOf(name));
        throw error;
      },
    );
    asked.set(name, answer);
    return answer;
  };
}

/** The domain that signs with the key of a name. */
function domainOf(name: string): string {
  return name.slice(name.indexOf('._domainkey.') + 1);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
