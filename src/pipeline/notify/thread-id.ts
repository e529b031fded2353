import { createHash } from 'node:crypto';

/**
 * Derives the id of a thread from its subject. The same subject always has the same id, so that it is posted once, whichever process
 * posts it.
 */
export function threadIdOf(parts: readonly unknown[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
