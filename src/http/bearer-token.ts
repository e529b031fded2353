import { createHash, timingSafeEqual } from 'node:crypto';

/** Returns a function that compares the `Authorization` header with the token in constant time. */
export function bearerOf(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (authorization) => timingSafeEqual(expected, digest(authorization ?? ''));
}

/** Hashes a text, because only values of the same length can be compared in constant time. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
