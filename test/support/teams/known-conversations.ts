import type { MessengerOptions } from '../../../src/teams/messenger.ts';
import type { TeamsConversation } from '../../../src/ports/stores/teams-store.ts';

type Known = Partial<TeamsConversation> & { readonly id: string; readonly serviceUrl: string; readonly removed?: boolean };

/** What a messenger knows of conversations and people, without a database. Channels, unless they say otherwise. */
export function knownConversations(known: readonly Known[], names: Readonly<Record<string, string>> = {}): MessengerOptions['store'] {
  const all = known.map((one) => ({
    account: 'default',
    tenant: 'tenant',
    scope: 'channel' as const,
    team: null,
    person: null,
    name: null,
    locale: null,
    removed: false,
    ...one,
  }));
  const struck = new Set<string>();
  return {
    markUnknown: async (address) => struck.delete(address) || !struck.add(address),
    conversation: async (id) => all.find((one) => one.id === id) ?? null,
    chatWith: async (person) => all.find((one) => one.person === person) ?? null,
    lastServiceUrl: async () => all.at(-1)?.serviceUrl ?? null,
    takeTurns: async () => 0,
    names: async () => new Map(Object.entries(names)),
  };
}
