import {
  isPgPool,
  PostgresConnection,
  PostgresQueueBackend,
  Queue,
  runMigrations,
  Worker,
  type BackendFactory,
  type PgPool,
  type PgQueryable,
  type PostgresConnectionOptions,
} from 'bullmq';
import { Pool } from 'pg';
import { connectionOptions, renewReadOnly, withParameter } from '../outbound/database-connection.ts';
import { jobSchema, RECOVERY } from './job.ts';
import type { QueueBackend } from './backend.ts';

/** BullMQ's tables live in a schema of their own, out of the sight of Prisma's, unless there may be none. */
const USUAL_SCHEMA = 'bullmq';

/** Nothing that is asked takes seconds: who has said nothing for so long is not there any more. */
const ANSWER_WITHIN_MS = 45_000;

/**
 * One pool for the producer and the worker, which keeps one connection of it to be notified on.
 *
 * @param answerWithinMs after so many milliseconds a question fails, and its connection is thrown away
 * @param schema where BullMQ's tables are
 */
export function postgresBackend(databaseUrl: string, answerWithinMs = ANSWER_WITHIN_MS, schema = USUAL_SCHEMA): QueueBackend {
  const pool = openPool(withParameter(databaseUrl, 'schema', schema), answerWithinMs);
  let ended: Promise<void> | null = null;
  const ready = untilItWorked(() => bringUpToDate(pool, schema));
  // `createPostgresBackend` of BullMQ, but for this: it would try once to get ready, and stay broken were that in vain.
  const backend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (
    name,
    options,
    { withBlockingConnection = false } = {},
  ) => {
    const connection = new PostgresConnection(pool);
    connection.waitUntilReady = ready;
    return new PostgresQueueBackend(connection, name, options, true, withBlockingConnection ? name : undefined);
  };
  return {
    kind: 'postgres',
    queue: (name) => new Queue(name, { connection: pool }, backend),
    worker: (name, handle, concurrency) =>
      new Worker(name, (job) => handle(jobSchema.parse(job.data)), { connection: pool, concurrency, ...RECOVERY }, backend),
    close: () => (ended ??= pool.end()),
  };
}

/** `isPgPool` only tells the types what BullMQ knows of a pool: its own and those of pg differ in how they say it. */
function openPool(databaseUrl: string, answerWithinMs: number): PgPool {
  const pool = new Pool({
    // A crash of the server may take the last wakes with it, and the sweep finds what they were for: no need to wait for the disk.
    ...connectionOptions(databaseUrl, { settings: { synchronous_commit: 'off' } }),
    max: 9,
    connectionTimeoutMillis: 5_000,
    // BullMQ asks through the pool, which keeps no connection that failed; the one on which it listens may stay lost until TCP
    // gives up, and meanwhile it asks every ten seconds.
    query_timeout: answerWithinMs,
    // Where it is not told of the end of a connection, BullMQ asks every ten seconds instead of waiting to be notified.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // BullMQ listens to no connection while it brings its tables up to date or begins to be notified: one that broke then
  // would end the process. Whatever was asked on it fails, which is enough.
  pool.on('connect', (client) => client.on('error', () => {}));
  renewReadOnly(pool);
  if (!isPgPool(pool)) throw new TypeError('not a pool of pg');
  return pool;
}

async function bringUpToDate(pool: PgPool, schema: string): Promise<void> {
  const client = await pool.connect();
  let isWell = false;
  try {
    const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    // Even where the schema is there, making it if it is not takes a right on the whole database.
    const isNeedless = (text: string) => rows.length > 0 && text.startsWith('CREATE SCHEMA IF NOT EXISTS');
    const session: PgQueryable = { query: (text, values) => client.query(isNeedless(text) ? 'SELECT 1' : text, values) };
    await runMigrations(session, schema);
    isWell = true;
  } finally {
    client.release(!isWell);
  }
}

/** Does it once for all who ask, and again when it failed. */
function untilItWorked(attempt: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= attempt().catch((error: unknown) => {
      done = null;
      throw error;
    });
    return done;
  };
}
