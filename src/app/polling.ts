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
import type { ResolveTxt } from '../sources/mail/dkim.ts';
import type { MailSource } from '../sources/mail/poller.ts';
import type { MailStore } from '../ports/stores/mail-store.ts';
import type { Poller } from '../ports/outbound/poller.ts';
import type { PolledSource } from '../sources/http/poller.ts';
import { createWakeQueue } from '../queue/wake-queue.ts';

type PollerParts = {
  readonly config: Pick<Config, 'accounts'>;
  readonly store: TokenStore & { readonly mails: MailStore };
  readonly clock: Clock;
  readonly log: Log;
  /** Looks up TXT records, for tests. */
  readonly resolveTxt?: ResolveTxt | undefined;
};
type Parts = PollerParts & {
  readonly config: Config;
  readonly store: PollStore & PollerParts['store'];
  readonly databaseUrl: string;
  readonly queueSchema?: string | undefined;
};

export type Polling = { readonly work: DueWork; begin(): Promise<void>; close(): Promise<void> };

/** Lists the polled sources of all accounts in creditwatch.yml. */
function polledSourcesOf({ accounts }: Pick<Config, 'accounts'>): readonly PolledSource[] {
  return accounts.flatMap(({ id: account, sources }) =>
    sources.flatMap((source) => (source.kind === 'http' ? [{ account, source: source.id, definition: source.poll }] : [])),
  );
}

/** Lists the sources of all accounts whose mailboxes are read. */
function mailboxesOf({ accounts }: Pick<Config, 'accounts'>): readonly MailSource[] {
  return accounts.flatMap(({ id: account, timeZone, sources }) =>
    sources.flatMap((source) =>
      source.kind === 'mail' && source.mailbox !== null && source.everyMs !== null
        ? [{ account, source: source.id, timeZone, everyMs: source.everyMs, rules: source.rules, mailbox: source.mailbox }]
        : [],
    ),
  );
}

/** Creates the poller of all sources: each is polled as its kind says. */
export async function createPoller({ config, store, clock, log, resolveTxt }: PollerParts): Promise<Poller & { close(): void }> {
  const [sources, mailboxes] = [polledSourcesOf(config), mailboxesOf(config)];
  const { createHttpPoller } = await import('../sources/http/poller.ts');
  const http = createHttpPoller({ sources, tokens: store, clock });
  const pollers: Poller[] = [http];
  if (mailboxes.length > 0) {
    const { createMailPoller } = await import('../sources/mail/poller.ts');
    pollers.push(createMailPoller({ sources: mailboxes, store: store.mails, clock, log, resolveTxt }));
  }
  const find = (account: string, source: string) => pollers.find((poller) => poller.paceOf(account, source) !== null);
  return {
    poll: async (account, source, signal) => (await find(account, source)?.poll(account, source, signal)) ?? null,
    paceOf: (account, source) => find(account, source)?.paceOf(account, source) ?? null,
    close: () => http.close(),
  };
}

/** Starts polling in this process: its queue and its poller. Returns null if no source is polled. */
export async function startPolling(
  { config, store, databaseUrl, queueSchema, clock, log }: Parts,
  { ingest, metrics, signal }: { readonly ingest: Ingest; readonly metrics: Metrics; readonly signal: AbortSignal },
): Promise<Polling | null> {
  if (polledSourcesOf(config).length + mailboxesOf(config).length === 0) return null;
  const poller = await createPoller({ config, store, clock, log });
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
