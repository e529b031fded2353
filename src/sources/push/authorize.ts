import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isSignedWith, type SignedHeaders } from './signature.ts';

/** An account and a key that speaks for it. */
export type IngestKey = { readonly account: string; readonly key: string };

/** The account of `Authorization: Bearer <key>`; null without a valid one. */
export function accountOfBearer(authorization: string | undefined, keys: readonly IngestKey[]): string | null {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return null;
  // Every key is compared, and hashes of one length, so that the time taken tells nothing.
  const given = digest(token);
  let account: string | null = null;
  for (const one of keys) if (timingSafeEqual(given, digest(one.key))) account = one.account;
  return account;
}

/** The headers of a signed request; null when it is not signed. */
export function signedHeaders(headers: IncomingHttpHeaders): SignedHeaders | null {
  const [id, timestamp, signature] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') return null;
  return { id, timestamp, signature };
}

/** The account whose key signed the body; null when none did. */
export function accountOfSignature(headers: SignedHeaders, body: Buffer, keys: readonly IngestKey[], now: Date): string | null {
  return keys.find(({ key }) => isSignedWith(key, headers, body, now))?.account ?? null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
