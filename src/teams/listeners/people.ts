import type { Clock } from '../../ports/clock.ts';
import type { TeamsStore } from '../../ports/stores/teams-store.ts';
import { personOf } from './activity.ts';
import type { Inbound } from './endpoint.ts';

/**
 * Stores the names of people before their actions are reported to others.
 *
 * @throws StoreUnavailable if the database cannot be reached
 */
export function rememberPeople(store: Pick<TeamsStore, 'rememberName'>, clock: Clock): (inbound: Inbound) => Promise<void> {
  const known = new Map<string, string>();
  return async ({ account, activity: { from, recipient } }) => {
    const person = personOf(from);
    const key = `${account} ${person}`;
    if (!from.name || from.id === recipient.id || known.get(key) === from.name) return;
    await store.rememberName(account, person, from.name, clock.now());
    known.set(key, from.name);
  };
}
