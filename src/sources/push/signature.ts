import { createHmac, timingSafeEqual } from 'node:crypto';

/** The three headers of a signed webhook: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export type SignedHeaders = { readonly id: string; readonly timestamp: string; readonly signature: string };

/** How far the timestamp of a signature may differ from our time, either way. */
const TOLERANCE_S = 5 * 60;

/**
 * Checks a Standard Webhooks signature over the bytes as they were signed (before any content encoding).
 *
 * The package `standardwebhooks` signs in the tests but is not used to check. Its `verify` uses the machine's time and not our
 * Clock. It hashes text and not bytes, so two bodies may share a signature (`signature.test.ts` shows both). And it hashes in
 * JavaScript, 8 ms for 1 MiB instead of 0.6 ms, once per key, for unknown senders.
 *
 * @param key the ingest key. Its UTF-8 bytes sign, so the sender's secret is `whsec_` + base64 of it.
 */
export function isSignedWith(key: string, { id, timestamp, signature }: SignedHeaders, body: Buffer, now: Date): boolean {
  if (!isTimely(timestamp, now)) return false;
  const expected = createHmac('sha256', Buffer.from(key, 'utf8')).update(`${id}.${timestamp}.`).update(body).digest();
  // A sender that rotates its secret sends several signatures, separated by spaces.
  return signature.split(' ').some((entry) => {
    const [version, encoded = ''] = entry.split(',');
    const given = Buffer.from(encoded, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** Whether the timestamp of a signature is close enough to our time. A recorded request is useless later. */
export function isTimely(timestamp: string, now: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_S;
}

/** Returns the secret that a sender configures. */
export function signingSecret(key: string): string {
  return `whsec_${Buffer.from(key, 'utf8').toString('base64')}`;
}
