import type { JobsOptions } from 'bullmq';
import { chunked } from '../core/chunked.ts';
import type { Log } from '../ports/log.ts';
import { AT_ONCE, type WakeKind, type WakeQueue } from '../ports/outbound/queue.ts';
import type { Consumer } from './backend.ts';
import { coalesce } from './coalesce.ts';
import type { WakeJob } from './job.ts';
import { trackOutage } from './outage.ts';
import { postgresBackend } from './postgres-backend.ts';

const FAILED = { drain: 'drain failed', poll: 'poll failed' } as const satisfies Record<WakeKind, string>;

/** Up to this many ids woken at once get one job each, which alone ensures one run per id at a time. */
const MOST_APART = 20;
/** More ids share jobs, because a job costs its backend several times as much as a drain. */
const MOST_IN_A_JOB = 50;

const READY_WITHIN_MS = 1_000;
const CLOSE_WITHIN_MS = 8_000;

/** Creates the wake queue over BullMQ: on Redis if `redisUrl` is set, otherwise on PostgreSQL. Redis is only imported if it is used. */
export async function createWakeQueue(options: {
  readonly redisUrl: string | null;
  /** Without a pooler that shares sessions, because notifications do not pass through it. */
  readonly databaseUrl: string;
  /** The schema of BullMQ's tables; its own by default. */
  readonly schema?: string | undefined;
  readonly log: Log;
  readonly kind?: WakeKind;
}): Promise<WakeQueue> {
  const { redisUrl, databaseUrl, schema, log, kind = 'drain' } = options;
  const backend =
    redisUrl === null
      ? postgresBackend(databaseUrl, undefined, schema)
      : await (await import('./redis-backend.ts')).redisBackend(redisUrl, log);
  const outage = trackOutage(backend.kind, log);
  const queue = backend.queue(kind);
  const [putting, taking] = [outage.user(), outage.user()];
  queue.on('error', putting.lost);
  let worker: Consumer | null = null;
  const running = new Set<Promise<void>>();
  let closing = false;
  const wakes = coalesce((ids) => queue.addBulk(jobsOf(ids).map((job) => ({ name: kind, ...job }))).then(putting.back, putting.lost));

  return {
    wake(id) {
      if (!closing) wakes.add(id);
    },
    async work(handle) {
      // A failure loses nothing: the sweep finds work that is still due.
      const runOne = (id: string) => handle(id).catch((error: unknown) => log.error({ error, id }, FAILED[kind]));
      worker = backend.worker(
        kind,
        async ({ ids }) => {
          taking.back();
          const run = Promise.all(ids.map(runOne)).then(() => {});
          running.add(run);
          await run;
          running.delete(run);
        },
        AT_ONCE[kind],
      );
      worker.on('error', taking.lost);
      await Promise.race([worker.waitUntilReady().then(taking.back, taking.lost), after(READY_WITHIN_MS)]);
    },
    async isReady() {
      const asked = queue.getJobCounts('active').then(
        () => true,
        () => false,
      );
      return Promise.race([asked, after(READY_WITHIN_MS).then(() => false)]);
    },
    async close() {
      closing = true;
      await Promise.race([wakes.settled(), after(READY_WITHIN_MS)]);
      // A worker whose backend is down would wait for it even though nothing is running.
      const idle = Promise.all(running).then(() => after(READY_WITHIN_MS));
      await Promise.race([worker?.close(), idle, after(CLOSE_WITHIN_MS)]);
      await Promise.race([Promise.allSettled([worker?.close(true), queue.close()]), after(READY_WITHIN_MS)]);
      await Promise.race([backend.close(), after(READY_WITHIN_MS)]);
    },
  };
}

const TO_RUN = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const satisfies JobsOptions;

function jobsOf(ids: readonly string[]): readonly { readonly data: WakeJob; readonly opts: JobsOptions }[] {
  // A wake during a run causes one more run after it, never a second one at the same time.
  if (ids.length <= MOST_APART)
    return ids.map((id) => ({ data: { ids: [id] }, opts: { deduplication: { id, keepLastIfActive: true }, ...TO_RUN } }));
  return chunked(ids, MOST_IN_A_JOB).map((part) => ({ data: { ids: [...part] }, opts: TO_RUN }));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
