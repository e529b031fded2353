import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { digest } from '../../http/bearer-token.ts';
import { isSignedWith, isTimely, type SignedHeaders } from './signature.ts';

/** A key, and what it speaks for: all sources of its account, or one alone. `until`: it was replaced, and is good until then. */
export type IngestKey = { readonly account: string; readonly source: string | null; readonly key: string; readonly until: Date | null };

/** The keys of every account, as they are now. */
export type IngestKeys = {
  /** The same array for as long as nothing has changed. */
  all(): readonly IngestKey[];
  /** Reads the stored ones anew, because somebody sent one that is not known; false when the database does not answer. */
  lookAgain(): Promise<boolean>;
};

/** Finds the key of `Authorization: Bearer <key>`; null when it is none of ours, or none any more. Each key is hashed once. */
export function createBearerCheck(keys: Pick<IngestKeys, 'all'>): (authorization: string | undefined, now: Date) => IngestKey | null {
  let all: readonly IngestKey[] = [];
  let known: readonly { readonly one: IngestKey; readonly hash: Buffer }[] = [];
  return (authorization, now) => {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    if (all !== keys.all()) {
      all = keys.all();
      known = all.map((one) => ({ one, hash: digest(one.key) }));
    }
    // Every key is compared, and hashes of one length, so that the time taken tells nothing.
    const given = digest(token);
    let found: IngestKey | null = null;
    for (const { one, hash } of known) if (timingSafeEqual(given, hash)) found = one;
    return found !== null && isGood(found, now) ? found : null;
  };
}

function isGood({ until }: IngestKey, now: Date): boolean {
  return until === null || now < until;
}

/** Whether a request brings a bearer key, known or not. */
export function hasBearer({ authorization }: IncomingHttpHeaders): boolean {
  return /^Bearer +\S/i.test(authorization ?? '');
}

/** The headers of a signed request; null when it is not signed. */
export function signedHeaders(headers: IncomingHttpHeaders): SignedHeaders | null {
  const [id, timestamp, signature] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  return { id, timestamp, signature };
}

/** One of the signatures of a header, as Standard Webhooks writes them: `v1,` and 32 bytes in base64. */
const SIGNATURE = /(?:^| )v1,[A-Za-z0-9+/]{43}=(?: |$)/;

/** Whether a request is signed in a way that may be right: only then its body is read, which alone can tell. */
export function isWorthReading(headers: IncomingHttpHeaders, now: Date): boolean {
  const signed = signedHeaders(headers);
  return signed !== null && isTimely(signed.timestamp, now) && SIGNATURE.test(signed.signature);
}

/** The key that signed the body; null when none did. */
export function keyOfSignature(headers: SignedHeaders, body: Buffer, keys: readonly IngestKey[], now: Date): IngestKey | null {
  return keys.find((one) => isGood(one, now) && isSignedWith(one.key, headers, body, now)) ?? null;
}

const SIGNED_WITH = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** Why somebody is not let in, for whoever set up the sender: what is missing or does not fit, and nothing of what would. */
export function whyRefused(headers: IncomingHttpHeaders, now: Date): string {
  const missing = SIGNED_WITH.filter((name) => headers[name] === undefined);
  const isBearer = hasBearer(headers);
  // An id alone may come with a bearer key, and says nothing of a signature.
  if (headers['webhook-signature'] !== undefined || (!isBearer && missing.length === 1)) {
    const signed = signedHeaders(headers);
    if (signed === null) return `a signature needs ${missing.join(' and ')} too`;
    if (!isTimely(signed.timestamp, now)) return 'webhook-timestamp must be within five minutes of now, in seconds since 1970';
    return 'webhook-signature does not fit: sign webhook-id.webhook-timestamp.body, the bytes as they are sent, with the whsec_ secret of an ingest key';
  }
  if (isBearer) return 'this ingest key is not known here';
  return 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it';
}

/** Why somebody may not read: that takes the key itself. */
export function whyUnread(headers: IncomingHttpHeaders): string {
  if (hasBearer(headers)) return 'this ingest key is not known here';
  return 'reading needs the key itself: send Authorization: Bearer <ingest key>';
}
