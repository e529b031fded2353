import { createHash } from 'node:crypto';

/** The id of a thread that is about one thing: always the same for the same, so that it is told once, whichever process says it. */
export function threadIdOf(parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
