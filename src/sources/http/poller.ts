import type { PollDefinition } from '../../core/meters/poll.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Poller } from '../../ports/outbound/poller.ts';
import type { TokenStore } from '../../ports/stores/token-store.ts';
import type { Resolve } from './ssrf-guard.ts';
import { createEvaluatorPool } from './evaluator-pool.ts';
import { pollOnce } from './poll-once.ts';
import { tokenCacheOf } from './token-cache.ts';

export type PolledSource = { readonly account: string; readonly source: string; readonly definition: PollDefinition };

/** Polls the sources of kind http. Their definitions stay in memory here, because they contain secrets. */
export function createHttpPoller({
  sources,
  tokens,
  clock,
  resolve,
}: {
  readonly sources: readonly PolledSource[];
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}): Poller & { close(): void } {
  const pool = createEvaluatorPool();
  const definitionOf = (account: string, source: string) =>
    sources.find((one) => one.account === account && one.source === source)?.definition ?? null;
  return {
    async poll(account, source, signal) {
      const definition = definitionOf(account, source);
      return (
        definition &&
        pollOnce(source, definition, {
          evaluator: pool.of(JSON.stringify([account, source])),
          now: () => clock.now(),
          signal,
          tokens: tokenCacheOf({ account, source, definition }, tokens, clock),
          ...(resolve && { resolve }),
        })
      );
    },
    paceOf: definitionOf,
    close: () => pool.close(),
  };
}
