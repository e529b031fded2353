import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack recommends 5 minutes into the past. The same limit is used for the future. */
const TOLERANCE_S = 300;

export type SignedRequest = {
  /** The unchanged headers X-Slack-Request-Timestamp and X-Slack-Signature. */
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** The unparsed bytes of the body. */
  readonly body: Buffer;
};

/** Why a request is not from Slack. */
export type SignatureProblem = 'not-signed' | 'no-timestamp' | 'too-old' | 'from-the-future' | 'wrong-signature';

export type SignatureCheck =
  { readonly ok: true; readonly signature: string; readonly expiresAt: Date } | { readonly ok: false; readonly reason: SignatureProblem };

const SIGNATURE = /^v0=[0-9a-f]{64}$/;

/** Checks the headers without the body: their form and the timestamp. If they fail, the body need not be read. */
export function mayBeSigned(
  { timestamp, signature }: Omit<SignedRequest, 'body'>,
  now: Date,
): { readonly ok: true; readonly signature: string; readonly sentS: number } | { readonly ok: false; readonly reason: SignatureProblem } {
  if (timestamp === undefined || signature === undefined) return { ok: false, reason: 'not-signed' };
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'no-timestamp' };
  const sentS = Number(timestamp);
  const ageS = now.getTime() / 1000 - sentS;
  if (ageS > TOLERANCE_S) return { ok: false, reason: 'too-old' };
  if (ageS < -TOLERANCE_S) return { ok: false, reason: 'from-the-future' };
  return SIGNATURE.test(signature) ? { ok: true, signature, sentS } : { ok: false, reason: 'wrong-signature' };
}

/**
 * Checks Slack's v0 signature: HMAC-SHA256 over `v0:<timestamp>:<body>` in hex
 * (docs.slack.dev/authentication/verifying-requests-from-slack).
 *
 * @returns on success also the instant until which the same signature would be accepted, for the replay guard
 */
export function checkSignature(secret: string, { timestamp, signature, body }: SignedRequest, now: Date): SignatureCheck {
  const looks = mayBeSigned({ timestamp, signature }, now);
  if (!looks.ok) return looks;
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`);
  const given = Buffer.from(looks.signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { ok: false, reason: 'wrong-signature' };
  return { ok: true, signature: looks.signature, expiresAt: new Date((looks.sentS + TOLERANCE_S + 1) * 1000) };
}
