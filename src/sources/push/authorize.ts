import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isSignedWith, isTimely, type SignedHeaders } from './signature.ts';

/** A key, and what it speaks for: all sources of its account, or one alone. */
export type IngestKey = { readonly account: string; readonly source: string | null; readonly key: string };

/** Finds the key of `Authorization: Bearer <key>`; null when it is none of ours. Each key is hashed once, here. */
export function createBearerCheck(keys: readonly IngestKey[]): (authorization: string | undefined) => IngestKey | null {
  const known = keys.map((one) => ({ one, hash: digest(one.key) }));
  return (authorization) => {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    // Every key is compared, and hashes of one length, so that the time taken tells nothing.
    const given = digest(token);
    let found: IngestKey | null = null;
    for (const { one, hash } of known) if (timingSafeEqual(given, hash)) found = one;
    return found;
  };
}

/** The headers of a signed request; null when it is not signed. */
export function signedHeaders(headers: IncomingHttpHeaders): SignedHeaders | null {
  const [id, timestamp, signature] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  return { id, timestamp, signature };
}

/** The key that signed the body; null when none did. */
export function keyOfSignature(headers: SignedHeaders, body: Buffer, keys: readonly IngestKey[], now: Date): IngestKey | null {
  return keys.find(({ key }) => isSignedWith(key, headers, body, now)) ?? null;
}

const SIGNED_WITH = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** Why somebody is not let in, for whoever set up the sender: what is missing or does not fit, and nothing of what would. */
export function whyRefused(headers: IncomingHttpHeaders, now: Date): string {
  const missing = SIGNED_WITH.filter((name) => headers[name] === undefined);
  const hasBearer = /^Bearer +\S/i.test(headers.authorization ?? '');
  // An id alone may come with a bearer key, and says nothing of a signature.
  if (headers['webhook-signature'] !== undefined || (!hasBearer && missing.length === 1)) {
    const signed = signedHeaders(headers);
    if (signed === null) return `a signature needs ${missing.join(' and ')} too`;
    if (!isTimely(signed.timestamp, now)) return 'webhook-timestamp must be within five minutes of now, in seconds since 1970';
    return 'webhook-signature does not fit: sign webhook-id.webhook-timestamp.body, the bytes as they are sent, with the whsec_ secret of an ingest key';
  }
  if (hasBearer) return 'this ingest key is not known here';
  return 'send Authorization: Bearer <ingest key>, or a Standard Webhooks signature made with it';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
