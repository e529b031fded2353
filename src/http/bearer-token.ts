import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether the header `Authorization` brings this token, in time that says nothing of where another one differs. */
export function bearerOf(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (authorization) => timingSafeEqual(expected, digest(authorization ?? ''));
}

/** Of one length, whatever the text is: only such can be compared. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
