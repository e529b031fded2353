import { readFileSync } from 'node:fs';

/** Returns the version of Creditwatch from package.json. */
export function readVersion(): string {
  const stated: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof stated === 'object' && stated !== null && 'version' in stated ? String(stated.version) : 'unknown';
}
