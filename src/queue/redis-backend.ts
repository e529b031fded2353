import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from '../ports/log.ts';
import { jobSchema, RECOVERY } from './job.ts';
import type { QueueBackend } from './backend.ts';

/** A Redis that does not answer by then is used once it does. */
const CONNECT_WITHIN_MS = 1_000;

// BullMQ would ask for the version while it connects: a producer that does not wait for its connection fails then, for good.
// It would also print its warnings past the log.
const QUIET = { skipVersionCheck: true };

/** Redis for waking, PostgreSQL for the truth: a Redis that is away delays by a sweep and loses nothing. */
export async function redisBackend(url: string, log: Log): Promise<QueueBackend> {
  const patience = (attempt: number) => Math.min(attempt * 200, 2_000);
  // A producer must fail at once when Redis is away, a worker must wait for it.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy: patience });
  const consumer = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: patience });
  for (const client of [producer, consumer]) client.on('error', () => {});
  producer.once('ready', () => void warnOfEviction(producer, log));
  // What is woken before there is a connection is left to the sweep.
  await once(producer, 'ready', { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) }).catch(() => {});
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, { connection: producer, skipWaitingForReady: true, ...QUIET }),
    worker: (name, handle, concurrency) =>
      new Worker(name, (job) => handle(jobSchema.parse(job.data)), { connection: consumer, concurrency, ...RECOVERY, ...QUIET }),
    async close() {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

async function warnOfEviction(client: Redis, log: Log): Promise<void> {
  try {
    const [, policy] = await client.config('GET', 'maxmemory-policy').then((answer) => (Array.isArray(answer) ? answer : []));
    if (policy !== undefined && policy !== 'noeviction')
      log.warn({ policy }, 'Redis may throw wakes away: set maxmemory-policy to noeviction');
  } catch {
    // Hosted servers refuse CONFIG; then there is nothing to say.
  }
}
