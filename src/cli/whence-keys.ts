import type { Config } from '../config/config.ts';

/** Where the ingest keys come from, in words that follow "Ingest key: ". */
export function whenceKeys({ ingestKey, accounts }: Config): string {
  if (accounts.every(({ ingestKeys }) => ingestKeys.some(({ source }) => source === null))) return 'from creditwatch.yml';
  // With several accounts it is ignored, and said to be.
  return ingestKey === null || accounts.length > 1 ? 'as made at the first start' : 'from INGEST_KEY';
}
