import type { KeyExpiry } from '../../core/meters/key-expiry.ts';
import { dayOfIso } from '../../core/time/local-time.ts';
import { dateText } from '../../core/time/days.ts';
import { days } from './age.ts';

/** `expires in 7 days (31 Dec 2026)`, `expired 2 days ago (31 Dec 2026)`. */
export function expiryText(on: string, daysLeft: number): string {
  const date = dateText(dayOfIso(on));
  if (daysLeft === 0) return `expires today (${date})`;
  return daysLeft > 0 ? `expires in ${days(daysLeft)} (${date})` : `expired ${days(-daysLeft)} ago (${date})`;
}

/** How to replace the key of a source. */
export function newKeyText(source: string, sourceKind: string, { variables, page }: Pick<KeyExpiry, 'variables' | 'page'>): string {
  if (sourceKind !== 'http') return `Give its sender a new key, and set expires of ${source} in creditwatch.yml to its date.`;
  const where = variables.length === 0 ? 'creditwatch.yml' : variables.join(' or ');
  const made = page === null ? 'Make a new key' : `Make a new key at ${page}`;
  return `${made}, put it in ${where}, set expires of ${source} in creditwatch.yml to its date, and restart.`;
}
