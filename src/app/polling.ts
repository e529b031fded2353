import { hostname } from 'node:os';
import type { Config } from '../config/config.ts';
import { limitConcurrency } from '../async/concurrency-limit.ts';
import { createPoll } from '../pipeline/schedule/poll.ts';
import type { DueWork } from '../pipeline/schedule/sweep.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ingest } from '../ports/inbound/ingest.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { PollStore } from '../ports/stores/poll-store.ts';
import type { TokenStore } from '../ports/stores/token-store.ts';
import { AT_ONCE } from '../ports/outbound/queue.ts';
import type { PolledSource } from '../sources/http/poller.ts';
import { createWakeQueue } from '../queue/wake-queue.ts';

type Parts = {
  readonly config: Config;
  readonly store: PollStore & TokenStore;
  readonly databaseUrl: string;
  readonly queueSchema?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
};

export type Polling = { readonly work: DueWork; begin(): Promise<void>; close(): Promise<void> };

/** Lists the polled sources of all accounts in creditwatch.yml. */
export function polledSourcesOf({ accounts }: Pick<Config, 'accounts'>): readonly PolledSource[] {
  return accounts.flatMap(({ id: account, sources }) =>
    sources.flatMap((source) => (source.kind === 'http' ? [{ account, source: source.id, definition: source.poll }] : [])),
  );
}

/** Starts polling in this process: its queue and its poller. Returns null if no source is polled. */
export async function startPolling(
  { config, store, databaseUrl, queueSchema, clock, log }: Parts,
  { ingest, metrics, signal }: { readonly ingest: Ingest; readonly metrics: Metrics; readonly signal: AbortSignal },
): Promise<Polling | null> {
  const sources = polledSourcesOf(config);
  if (sources.length === 0) return null;
  const { createHttpPoller } = await import('../sources/http/poller.ts');
  const poller = createHttpPoller({ sources, tokens: store, clock });
  const queue = await createWakeQueue({ redisUrl: config.redisUrl, databaseUrl, schema: queueSchema, log, kind: 'poll' });
  const poll = limitConcurrency(
    AT_ONCE.poll,
    createPoll({ store, poller, ingest, clock, log, metrics, owner: `${hostname()}:${process.pid}`, random: Math.random, signal }),
  );
  return {
    work: {
      kind: 'poll',
      waiting: async () => (await store.waitingPolls()).map(({ pollId, readyAt }) => ({ id: pollId, readyAt })),
      wake: (id) => queue.wake(id),
      run: poll.run,
    },
    begin: () => queue.work(poll.run),
    async close() {
      await queue.close();
      poller.close();
    },
  };
}
