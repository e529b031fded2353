import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isSignedWith, type SignedHeaders } from './signature.ts';

/** A key, and what it speaks for: all sources of its account, or one alone. */
export type IngestKey = { readonly account: string; readonly source: string | null; readonly key: string };

/** The key of `Authorization: Bearer <key>`; null when it is none of ours. */
export function keyOfBearer(authorization: string | undefined, keys: readonly IngestKey[]): IngestKey | null {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return null;
  // Every key is compared, and hashes of one length, so that the time taken tells nothing.
  const given = digest(token);
  let found: IngestKey | null = null;
  for (const one of keys) if (timingSafeEqual(given, digest(one.key))) found = one;
  return found;
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

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
