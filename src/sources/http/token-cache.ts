import { createHash } from 'node:crypto';
import type { PollDefinition } from '../../core/meters/poll.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenStore } from '../../ports/stores/token-store.ts';
import type { TokenCache } from './conversation.ts';

/** The token cache of one source. A source whose request for a token has changed gets a new one. */
export function tokenCacheOf(
  {
    account,
    source,
    definition,
  }: { readonly account: string; readonly source: string; readonly definition: Pick<PollDefinition, 'token'> },
  store: TokenStore,
  clock: Clock,
): TokenCache {
  const request = createHash('sha256').update(JSON.stringify(definition.token)).digest('hex');
  return {
    async read() {
      const kept = await store.keptToken(account, source, clock.now());
      return kept?.request === request ? kept.token : null;
    },
    save: (token, until) => store.keepToken(account, source, { token, request, until }, clock.now()),
  };
}
