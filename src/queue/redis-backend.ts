import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from '../ports/log.ts';
import { jobSchema, RECOVERY } from './job.ts';
import type { QueueBackend } from './backend.ts';

/** Redis for waking, PostgreSQL for the truth: a Redis that is away delays by a sweep and loses nothing. */
export function redisBackend(url: string, log: Log): QueueBackend {
  const patience = (attempt: number) => Math.min(attempt * 200, 2_000);
  // A producer must fail at once when Redis is away, a worker must wait for it.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy: patience });
  const consumer = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: patience });
  for (const client of [producer, consumer]) client.on('error', () => {});
  producer.once('ready', () => void warnOfEviction(producer, log));
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, { connection: producer, skipWaitingForReady: true }),
    worker: (name, handle, concurrency) => new Worker(name, (job) => handle(jobSchema.parse(job.data).destinationId), { connection: consumer, concurrency, ...RECOVERY }),
    async close() {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

async function warnOfEviction(client: Redis, log: Log): Promise<void> {
  try {
    const [, policy] = await client.config('GET', 'maxmemory-policy').then((answer) => (Array.isArray(answer) ? answer : []));
    if (policy !== undefined && policy !== 'noeviction') log.warn({ policy }, 'Redis may throw wakes away: set maxmemory-policy to noeviction');
  } catch {
    // Hosted servers refuse CONFIG; then there is nothing to say.
  }
}
