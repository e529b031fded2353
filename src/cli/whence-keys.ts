import type { Config } from '../config/config.ts';
import { keyComesFrom } from '../service-accounts.ts';

/** Where the ingest keys come from, in words that follow "Ingest key: ". */
export function whenceKeys(config: Config): string {
  const places = config.accounts.map((account) => keyComesFrom(config, account));
  if (places.every((place) => place === 'file')) return 'from creditwatch.yml';
  return places.includes('store') ? 'as made at the first start' : 'from INGEST_KEY';
}
