import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JwtTemplate } from '../../core/meters/poll.ts';
import { fillPlaceholders } from '../../core/meters/placeholder.ts';
import { err, ok, type Result } from '../../core/result.ts';

/**
 * Signs the assertion of a token request (RFC 7523).
 *
 * @param valueOf the values of placeholders in its claims
 * @returns the error if the key is not a key of the algorithm
 */
export async function signAssertion(
  { algorithm, key, claims, seconds }: JwtTemplate,
  valueOf: (name: string) => string | undefined,
  now: Date,
): Promise<Result<string, { readonly kind: 'bad-signing-key' }>> {
  const filled = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, fillPlaceholders(value, valueOf)]));
  const issued = Math.floor(now.getTime() / 1000);
  try {
    const jwt = new SignJWT(filled)
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setIssuedAt(issued)
      .setExpirationTime(issued + seconds);
    return ok(await jwt.sign(signingKey(algorithm, key)));
  } catch {
    return err({ kind: 'bad-signing-key' });
  }
}

/** Environment variables often hold a PEM with `\n` for its line breaks. */
function signingKey(algorithm: JwtTemplate['algorithm'], key: string): KeyObject {
  return algorithm === 'HS256' ? createSecretKey(Buffer.from(key)) : createPrivateKey(key.replaceAll('\\n', '\n'));
}
