import type { Log } from '../ports/log.ts';
import { AT_ONCE, type WakeKind, type WakeQueue } from '../ports/queue.ts';
import type { Consumer } from './backend.ts';
import { postgresBackend } from './postgres-backend.ts';

const FAILED = { drain: 'a drain failed', poll: 'a poll failed' } as const satisfies Record<WakeKind, string>;
const READY_WITHIN_MS = 1_000;
const CLOSE_WITHIN_MS = 8_000;

/**
 * The wake queue over BullMQ: Redis when `redisUrl` is given, else BullMQ's PostgreSQL backend in the database itself.
 * Redis is only imported when it is used.
 */
export async function createWakeQueue(options: { readonly redisUrl: string | null; readonly databaseUrl: string; readonly log: Log; readonly kind?: WakeKind }): Promise<WakeQueue> {
  const { redisUrl, databaseUrl, log, kind = 'drain' } = options;
  const backend = redisUrl === null ? postgresBackend(databaseUrl) : await (await import('./redis-backend.ts')).redisBackend(redisUrl, log);
  const outage = watchOutage(backend.kind, log);
  const queue = backend.queue(kind);
  queue.on('error', outage.lost);
  let worker: Consumer | null = null;
  const running = new Set<Promise<void>>();
  let closing = false;

  return {
    wake(id) {
      if (closing) return;
      // A wake while the same is under way gives one more run after it, never a second one beside it.
      queue
        .add(kind, { id }, { deduplication: { id, keepLastIfActive: true }, attempts: 1, removeOnComplete: true, removeOnFail: true })
        .then(outage.back, outage.lost);
    },
    async work(handle) {
      worker = backend.worker(
        kind,
        async (id) => {
          // Nothing is lost with a failure: the sweep finds what is still due.
          const run = handle(id).catch((error: unknown) => log.error({ error, id }, FAILED[kind]));
          running.add(run);
          await run;
          running.delete(run);
        },
        AT_ONCE[kind],
      );
      worker.on('error', outage.lost);
      await Promise.race([worker.waitUntilReady().then(outage.back, outage.lost), after(READY_WITHIN_MS)]);
    },
    async isReady() {
      const asked = queue.getJobCounts('active').then(() => true, () => false);
      return Promise.race([asked, after(READY_WITHIN_MS).then(() => false)]);
    },
    async close() {
      closing = true;
      // A worker whose backend is away would wait for it, though nothing runs any more.
      const idle = Promise.all(running).then(() => after(READY_WITHIN_MS));
      await Promise.race([worker?.close(), idle, after(CLOSE_WITHIN_MS)]);
      await Promise.race([Promise.allSettled([worker?.close(true), queue.close()]), after(READY_WITHIN_MS)]);
      await Promise.race([backend.close(), after(READY_WITHIN_MS)]);
    },
  };
}

/** Says once that the queue is away and once that it is back, however many calls fail in between. */
function watchOutage(kind: string, log: Log): { lost: (error: unknown) => void; back: () => void } {
  let away = false;
  return {
    lost(error) {
      if (!away) log.warn({ queue: kind, error }, 'the queue does not answer; the sweep delivers meanwhile');
      away = true;
    },
    back() {
      if (away) log.info({ queue: kind }, 'the queue answers again');
      away = false;
    },
  };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
