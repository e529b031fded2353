import type { Config } from '../config/config.ts';

/** Where the ingest keys come from, in words that follow "Ingest key: ". */
export function whenceKeys({ ingestKey, accounts }: Config): string {
  if (accounts.every(({ ingestKeys }) => ingestKeys.some(({ source }) => source === null))) return 'from creditwatch.yml';
  return ingestKey === null ? 'as made at the first start' : 'from INGEST_KEY';
}
