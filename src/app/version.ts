import { readFileSync } from 'node:fs';

/** The version of Creditwatch, as package.json states it. */
export function readVersion(): string {
  const stated: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof stated === 'object' && stated !== null && 'version' in stated ? String(stated.version) : 'unknown';
}
