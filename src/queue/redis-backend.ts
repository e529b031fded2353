import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { jobSchema, RECOVERY } from './job.ts';
import type { QueueBackend } from './backend.ts';

/** A Redis that does not answer within this time is used as soon as it does. */
const CONNECT_WITHIN_MS = 1_000;

// BullMQ would check the version while connecting, and a producer that does not wait for its connection would fail for good. It
// would also print its warnings past the log.
const QUIET = { skipVersionCheck: true };

/**
 * Creates the Redis backend. Redis only wakes; PostgreSQL holds the data. If Redis is down, work is delayed until the next sweep
 * and nothing is lost.
 */
export async function redisBackend(url: string, log: Log): Promise<QueueBackend> {
  const patience = (attempt: number) => Math.min(attempt * 200, 2_000);
  // If Redis is down, a producer must fail at once and a worker must wait.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy: patience });
  const consumer = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: patience });
  for (const client of [producer, consumer]) client.on('error', () => {});
  producer.once('ready', () => void warnOfEviction(producer, log));
  // Wakes before the first connection are left to the sweep.
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
  const policy = await evictionPolicy(client);
  if (policy !== null) log.warn({ policy }, 'Redis may evict wakes: set maxmemory-policy to noeviction');
}

/** Returns the eviction policy; null if Redis evicts nothing or does not tell (hosted servers refuse CONFIG). */
async function evictionPolicy(client: Redis): Promise<string | null> {
  try {
    const [, policy] = await client.config('GET', 'maxmemory-policy').then((answer) => (Array.isArray(answer) ? answer : []));
    return policy === undefined || policy === 'noeviction' ? null : String(policy);
  } catch {
    return null;
  }
}

/** One command of each kind that BullMQ's scripts use. The keys start with BullMQ's prefix. */
const NEEDED: readonly (readonly [string, readonly (string | number)[]])[] = [
  ['eval', ["return redis.call('EXISTS', KEYS[1])", 1, 'bull:drain:meta']],
  ['hgetall', ['bull:drain:meta']],
  ['llen', ['bull:drain:wait']],
  ['zcard', ['bull:drain:delayed']],
  ['bzpopmin', ['bull:drain:looked-at', 0.01]],
  ['xlen', ['bull:drain:events']],
];

const REFUSALS = ['NOPERM', 'WRONGPASS', 'NOAUTH'];

const replySchema = z.object({ name: z.literal('ReplyError'), message: z.string() });

/**
 * Splits an error reply, which begins with its code (redis.io/docs/latest/develop/reference/protocol-spec, "Simple errors"). The
 * code is empty for other errors.
 */
function replyOf(error: unknown): { readonly code: string; readonly said: string } {
  const [, code = '', said = ''] = /^([A-Z]+) (.*)$/s.exec(replySchema.safeParse(error).data?.message ?? '') ?? [];
  return { code, said };
}

/** `commands-refused`: each with the answer of Redis. */
type RedisProblem =
  | { readonly kind: 'may-evict'; readonly policy: string }
  | { readonly kind: 'commands-refused'; readonly commands: readonly string[] }
  | { readonly kind: 'user-refused'; readonly said: string };

/** Returns the problems that the operator has to fix in a Redis that answers. */
export async function redisProblems(url: string): Promise<readonly RedisProblem[]> {
  const client = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null, lazyConnect: true });
  client.on('error', () => {});
  try {
    await client.connect();
    const policy = await evictionPolicy(client);
    const refusals: string[] = [];
    for (const [command, args] of NEEDED)
      await client.call(command, ...args).catch((error: unknown) => {
        const { code, said } = replyOf(error);
        if (code === 'NOPERM') refusals.push(`${command.toUpperCase()} (${said})`);
      });
    return [
      ...(policy === null ? [] : [{ kind: 'may-evict' as const, policy }]),
      ...(refusals.length === 0 ? [] : [{ kind: 'commands-refused' as const, commands: refusals }]),
    ];
  } catch (error) {
    const { code, said } = replyOf(error);
    return REFUSALS.includes(code) ? [{ kind: 'user-refused', said: `${code} ${said}` }] : [];
  } finally {
    client.disconnect();
  }
}
