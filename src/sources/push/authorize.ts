import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { digest } from '../../http/bearer-token.ts';
import type { PushProblem } from '../../messages/replies/push.ts';
import { isSignedWith, isTimely, type SignedHeaders } from './signature.ts';

/** A key and its scope: all sources of its account, or one source. `until`: when a replaced key expires. */
export type IngestKey = { readonly account: string; readonly source: string | null; readonly key: string; readonly until: Date | null };

/** The current keys of all accounts. */
export type IngestKeys = {
  /** Returns the same array until a key changes. */
  all(): readonly IngestKey[];
  /** Reads the stored keys again, after a request with an unknown key. Returns false if the database does not answer. */
  lookAgain(): Promise<boolean>;
};

/**
 * Returns a function that finds the key of `Authorization: Bearer <key>`; null if the key is unknown or has expired. Each key is
 * hashed once.
 */
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
    // Compares all keys, by hashes of equal length, so that the time reveals nothing.
    const given = digest(token);
    let found: IngestKey | null = null;
    for (const { one, hash } of known) if (timingSafeEqual(given, hash)) found = one;
    return found !== null && isGood(found, now) ? found : null;
  };
}

function isGood({ until }: IngestKey, now: Date): boolean {
  return until === null || now < until;
}

/** Whether a request has a bearer key, known or not. */
export function hasBearer({ authorization }: IncomingHttpHeaders): boolean {
  return /^Bearer +\S/i.test(authorization ?? '');
}

/** Returns the headers of a signed request; null if it is not signed. */
export function signedHeaders(headers: IncomingHttpHeaders): SignedHeaders | null {
  const [id, timestamp, signature] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  return { id, timestamp, signature };
}

/** A signature in the header, as Standard Webhooks writes it: `v1,` and 32 bytes in base64. */
const SIGNATURE = /(?:^| )v1,[A-Za-z0-9+/]{43}=(?: |$)/;

/** Whether the signature of a request can be valid. Only then is the body read, which the check needs. */
export function isWorthReading(headers: IncomingHttpHeaders, now: Date): boolean {
  const signed = signedHeaders(headers);
  return signed !== null && isTimely(signed.timestamp, now) && SIGNATURE.test(signed.signature);
}

/** Returns the key that signed the body; null if none did. */
export function keyOfSignature(headers: SignedHeaders, body: Buffer, keys: readonly IngestKey[], now: Date): IngestKey | null {
  return keys.find((one) => isGood(one, now) && isSignedWith(one.key, headers, body, now)) ?? null;
}

const SIGNED_WITH = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** Returns why a request is rejected: what is missing or wrong. */
export function whyRefused(headers: IncomingHttpHeaders, now: Date): PushProblem {
  const missing = SIGNED_WITH.filter((name) => headers[name] === undefined);
  const isBearer = hasBearer(headers);
  // An id alone may come with a bearer key, and does not mean that the request is signed.
  if (headers['webhook-signature'] !== undefined || (!isBearer && missing.length === 1)) {
    const signed = signedHeaders(headers);
    if (signed === null) return { kind: 'headers-missing', headers: missing };
    if (!isTimely(signed.timestamp, now)) return { kind: 'old-timestamp' };
    return { kind: 'wrong-signature' };
  }
  if (isBearer) return { kind: 'unknown-key' };
  return { kind: 'no-key' };
}

/** Returns why a request cannot read: reading requires the key itself. */
export function whyUnread(headers: IncomingHttpHeaders): PushProblem {
  if (hasBearer(headers)) return { kind: 'unknown-key' };
  return { kind: 'read-needs-key' };
}
