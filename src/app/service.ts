import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Express } from 'express';
import { findPlatform } from '../chat/platform.ts';
import { usualPlatformName } from '../core/notifications/route.ts';
import { createQueries } from '../queries/queries.ts';
import { createChat } from '../commands/chat.ts';
import { createOperations } from '../commands/operations.ts';
import type { Config } from '../config/config.ts';
import { err, ok, type Result } from '../core/result.ts';
import { removeServiceFile, writeServiceFile } from '../local-api/service-file.ts';
import { createHeartbeatSender } from '../outbound/heartbeat.ts';
import { mountHealth } from '../http/health.ts';
import { createMetrics } from '../http/metrics.ts';
import { createBodies, MOST_UNVERIFIED_BYTES } from '../http/request-bodies.ts';
import { serviceAddress } from '../http/public-address.ts';
import { createHttpServer } from '../http/server.ts';
import { createActions } from '../pipeline/actions/alert-actions.ts';
import { limitConcurrency } from '../async/concurrency-limit.ts';
import { createDrain } from '../pipeline/deliver/drain.ts';
import { createLeases } from '../pipeline/deliver/leases.ts';
import { createHeartbeat } from '../pipeline/schedule/heartbeat.ts';
import { createIngest } from '../pipeline/ingest/ingest.ts';
import { createTimerRunner } from '../pipeline/schedule/run-due-timers.ts';
import { createSubscriptions } from '../pipeline/actions/subscriptions.ts';
import { createRetention } from '../pipeline/schedule/retention.ts';
import { createSweep, type DueWork } from '../pipeline/schedule/sweep.ts';
import { createWaitingNotices } from '../pipeline/schedule/waiting-notices.ts';
import { createDestinationProbe } from '../pipeline/deliver/probe-destination.ts';
import { createWelcome } from '../pipeline/notify/welcome.ts';
import { startPolling } from './polling.ts';
import type { Chat } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Encryption } from '../ports/stores/encryption-store.ts';
import { StoreUnavailable } from '../ports/stores/store-errors.ts';
import type { Ingest } from '../ports/inbound/ingest.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/outbound/messenger.ts';
import { AT_ONCE } from '../ports/outbound/queue.ts';
import type { Store } from '../ports/stores/store.ts';
import { createWakeQueue } from '../queue/wake-queue.ts';
import type { IngestKey } from '../sources/push/authorize.ts';
import { parseImport } from '../sources/import/parse-import.ts';
import { declarationOf, limitsIn, mailSourcesOf, totalsOfMailSources } from './accounts.ts';
import { backupOf } from './backup.ts';
import { createAdministration } from './administration.ts';
import { figureEndpoints } from './figure-endpoints.ts';
import { openKeyRing } from './keys.ts';
import { readMetrics } from './metrics.ts';
import { openPlatforms } from './open-platforms.ts';
import type { ServiceTimes } from './service-times.ts';
import { mountAdministration } from '../local-api/administration.ts';
import { mountBackup } from '../local-api/backup.ts';
import { freeBytesOf } from '../datadir/folder.ts';
import { mountLocal } from '../local-api/routes.ts';
import { listenFailureText } from '../messages/failures/listen.ts';

export type Service = {
  readonly url: string;
  readonly ingest: Ingest;
  readonly chat: Chat;
  /** Ingest keys that this start created, to be shown once. */
  readonly newKeys: readonly IngestKey[];
  /** Accepts no new work, finishes running work, and closes; within 10 s. */
  stop(): Promise<void>;
};

export type ServiceParts = {
  readonly config: Config;
  readonly store: Store;
  readonly encryption: Encryption;
  /** The URL of the database, without a pooler that shares sessions. */
  readonly databaseUrl: string;
  readonly queueSchema?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Writes the messages of the terminal destination. */
  readonly write: (text: string) => void;
  readonly strong?: (text: string) => string;
  /** Called once if the port is in use and the start waits for it. */
  readonly onPortBusy?: (address: { readonly host: string; readonly port: number }) => void;
  readonly times?: ServiceTimes | undefined;
};

/** With less space than this, PostgreSQL stops soon. */
const LEAST_SPACE_BYTES = 1024 * 1024;
const LOOPBACK = '127.0.0.1';
const SKEW_WORTH_SAYING_MS = 60_000;

/**
 * Starts the adapters for the roles of this process: `web` listens for pushes and commands, `worker` drains and sweeps, `all` does
 * both. The caller has opened and migrated the database, and closes it after `stop`.
 */
export async function startService(parts: ServiceParts): Promise<Result<Service, string>> {
  const { config, store, clock, log, times = {} } = parts;
  const isWeb = config.role !== 'worker';
  const isWorker = config.role !== 'web';
  const declareAll = async () => {
    for (const account of config.accounts) await store.declare(declarationOf(account, config), clock.now());
  };
  await declareAll();
  const skewMs = await store.clockSkewMs(() => clock.now());
  if (Math.abs(skewMs) > SKEW_WORTH_SAYING_MS)
    log.warn({ skewMs }, 'clock skew: this machine and the database are more than a minute apart; correct one of the clocks');

  const opened = await openKeyRing(config, store, clock, log);
  if (!opened.ok) return opened;
  const keys = opened.value;
  const stopping = new AbortController();
  const queue = await createWakeQueue({ redisUrl: config.redisUrl, databaseUrl: parts.databaseUrl, schema: parts.queueSchema, log });
  const wake = (destinationId: string) => queue.wake(destinationId);
  const newId = randomUUID;
  /** The port that was asked for, until it listens: 0 stands for a free one. */
  let port: number | string = config.port;
  const address = () => serviceAddress(config, port);
  const platformName = (id: string) => findPlatform(config.platforms, id)?.name ?? usualPlatformName(id);
  const ingest = createIngest({ store, log, newId, wake, limits: limitsIn(config) });
  const queries = createQueries({ store, clock });
  const chat = createChat({
    queries,
    actions: createActions({ store, clock, newId, wake, address }),
    subscriptions: createSubscriptions({ store, clock, onDue: () => sweep.nudge() }),
    clock,
    ingest,
    parseImport,
    tryPlace: createDestinationProbe({ messengers: () => messengers, newId }),
    platformName,
  });
  const { metrics, mount: mountMetrics } = createMetrics(() => readMetrics(store), {
    host: config.metricsPort === null ? config.host : LOOPBACK,
    token: config.metricsToken,
  });
  const unverified = createBodies(MOST_UNVERIFIED_BYTES);
  const platforms = await openPlatforms(parts, {
    unverified,
    chat,
    welcome: createWelcome({ store, clock, newId, wake, log }),
    onInstalled: async () => (await declareAll(), sweep.nudge()),
    lookEveryMs: times.lookEveryMs,
  });
  const messengers: readonly Messenger[] = platforms.map(({ messenger }) => ({ ...messenger, paceMs: times.paceMs ?? messenger.paceMs }));
  const monotonicMs = () => performance.now();
  const leases = createLeases({ store, clock, log, monotonicMs, signal: stopping.signal, leaseMs: times.leaseMs });
  const drains = limitConcurrency(
    AT_ONCE.drain,
    createDrain({
      store,
      messengers,
      clock,
      log,
      metrics,
      random: Math.random,
      leases,
      signal: stopping.signal,
      owner: `${hostname()}:${process.pid}`,
      onLeftWaiting: () => sweep.nudge(),
    }),
    (error, destination) => log.error({ error, destination }, 'drain failed'),
  );
  const runDueTimers = createTimerRunner({ store, clock, log, newId, wake, platformName, signal: stopping.signal });
  const polling = isWorker ? await startPolling(parts, { ingest, metrics, signal: stopping.signal }) : null;
  const dueDrains: DueWork = {
    kind: 'drain',
    waiting: async () => (await store.waiting(clock.now())).map(({ destinationId, ...due }) => ({ id: destinationId, ...due })),
    wake,
    run: drains.run,
  };
  const sweep = createSweep({
    store,
    runDueTimers,
    works: polling ? [dueDrains, polling.work] : [dueDrains],
    clock,
    log,
    metrics,
    signal: stopping.signal,
    sweepEveryMs: times.sweepEveryMs,
    queueGraceMs: times.queueGraceMs,
  });

  const figures = isWeb ? figureEndpoints({ config, store, clock, log, ingest, queries, metrics, keys, unverified }) : null;
  /** For the embedded database, whose disk is on this machine: reports low space before a write fails. */
  const checkSpace = (): void => {
    if (config.databaseUrl !== null) return;
    if (freeBytesOf(config.dataDir) < LEAST_SPACE_BYTES) throw new StoreUnavailable('no-space');
  };
  const database = async () => (checkSpace(), await store.ping(), true);
  const health = mountHealth({ database, queue: () => queue.isReady() }, config);
  const token = randomBytes(24).toString('base64url');
  log.conceal(token);
  const local = mountLocal({
    operations: createOperations({
      accounts: config.accounts,
      queries,
      store,
      chat,
      ingest,
      clock,
      dailyReadingsMs: config.retention.dailyReadingsMs,
      newId,
      post: wake,
    }),
    token,
    platformStatus: (id) => findPlatform(platforms, id)?.status?.() ?? null,
    also: (app) => {
      mountAdministration(
        app,
        createAdministration({ config, store, encryption: parts.encryption, clock, log, address, onKeys: () => keys.refresh() }),
      );
      mountBackup(app, backupOf(parts.databaseUrl, clock), log);
    },
    log,
  });
  const mounts: ((app: Express) => void)[] = [
    health,
    ...(config.metricsPort === null ? [mountMetrics] : []),
    local,
    ...(figures?.mounts ?? []),
    ...(isWeb ? platforms.flatMap(({ mount }) => mount ?? []) : []),
  ];
  const http = createHttpServer({ log, mounts, direct: figures?.push ?? null, onPortBusy: parts.onPortBusy });
  const metricsHttp = config.metricsPort === null ? null : createHttpServer({ log, mounts: [mountMetrics] });
  const giveUp = () => Promise.all([http.close(), metricsHttp?.close(), queue.close(), polling?.close()]);
  const listening = await http.listen(config);
  if (!listening.ok) {
    await giveUp();
    return err(listenFailureText(listening.error));
  }
  ({ port } = new URL(listening.value.url));
  const listeningForMetrics = await metricsHttp?.listen({ host: LOOPBACK, port: config.metricsPort ?? 0, setting: 'METRICS_PORT' });
  if (listeningForMetrics?.ok === false) {
    await giveUp();
    return err(listenFailureText(listeningForMetrics.error));
  }
  writeServiceFile(config.dataDir, { url: listening.value.url, pid: process.pid, token });
  if (isWeb) for (const platform of platforms) await platform.start?.();
  if (isWorker) await Promise.all([queue.work(drains.run), polling?.begin()]);
  const watchingKeys = isWeb ? keys.watch(stopping.signal, times.lookEveryMs) : null;
  const renewing = isWorker ? leases.run() : Promise.resolve();
  const sweeping = isWorker ? sweep.run() : Promise.resolve();
  const keeping = isWorker
    ? createRetention({
        store: store.retention,
        retention: config.retention,
        clock,
        log,
        signal: stopping.signal,
        firstAfterMs: times.retentionAfterMs,
      }).run()
    : Promise.resolve();
  const statedInFile = totalsOfMailSources(config);
  const waitingNotices = createWaitingNotices({
    store: store.mails,
    ingest,
    statedInFile,
    clock,
    log,
    metrics,
    signal: stopping.signal,
    everyMs: times.noticesAgainMs,
  });
  const noticing = isWorker && mailSourcesOf(config).length > 0 ? waitingNotices.run() : Promise.resolve();
  const beating =
    isWorker && config.heartbeatUrl !== null
      ? createHeartbeat({
          sweep,
          beat: createHeartbeatSender(config.heartbeatUrl),
          clock,
          log,
          signal: stopping.signal,
          lookAgainMs: times.heartbeatAgainMs,
        }).run()
      : Promise.resolve();
  log.info(
    {
      url: listening.value.url,
      ...(listeningForMetrics?.ok && { metrics: `${listeningForMetrics.value.url}/metrics` }),
      role: config.role,
      queue: config.redisUrl === null ? 'postgres' : 'redis',
      ...Object.fromEntries(
        config.platforms.filter(({ setUp }) => setUp !== null).map(({ id, connection }) => [id, connection?.mode ?? 'off']),
      ),
    },
    'started',
  );

  return ok({
    url: listening.value.url,
    ingest,
    chat,
    newKeys: keys.made,
    async stop() {
      stopping.abort();
      removeServiceFile(config.dataDir, token);
      await Promise.allSettled([
        http.close(),
        metricsHttp?.close(),
        ...(isWeb ? platforms.map((platform) => platform.stop?.()) : []),
        queue.close(),
        polling?.close(),
        watchingKeys,
        sweeping,
        drains.settled(),
        renewing,
        keeping,
        noticing,
        beating,
      ]);
      log.info({}, 'stopped');
    },
  });
}
