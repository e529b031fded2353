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

/** BullMQ's tables have their own schema, which Prisma does not see, unless the role may not create one. */
const USUAL_SCHEMA = 'bullmq';

/** No query takes seconds, so a server that is silent for this long is gone. */
const ANSWER_WITHIN_MS = 45_000;

/**
 * Creates the PostgreSQL backend: one pool for the producer and the worker, which uses one of its connections for notifications.
 *
 * @param answerWithinMs a query fails after this many milliseconds, and its connection is discarded
 * @param schema the schema of BullMQ's tables
 */
export function postgresBackend(databaseUrl: string, answerWithinMs = ANSWER_WITHIN_MS, schema = USUAL_SCHEMA): QueueBackend {
  const pool = openPool(withParameter(databaseUrl, 'schema', schema), answerWithinMs);
  let ended: Promise<void> | null = null;
  const ready = untilItWorked(() => bringUpToDate(pool, schema));
  // Replaces BullMQ's `createPostgresBackend`, which prepares the schema once and stays broken if that fails.
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

/** `isPgPool` only satisfies the types: those of BullMQ's pool and of pg differ. */
function openPool(databaseUrl: string, answerWithinMs: number): PgPool {
  const pool = new Pool({
    // A server crash may lose the last wakes. The sweep finds their work, so commits need not wait for the disk.
    ...connectionOptions(databaseUrl, { settings: { synchronous_commit: 'off' } }),
    max: 9,
    connectionTimeoutMillis: 5_000,
    // A failed connection leaves the pool. The one that listens for notifications may stay lost until TCP gives up; BullMQ polls
    // every ten seconds meanwhile.
    query_timeout: answerWithinMs,
    // If the end of a connection goes unnoticed, BullMQ polls every ten seconds instead of waiting for notifications.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // BullMQ has no error listener on a connection while it migrates its tables or starts to listen, and an error then would end the
  // process. The query on it fails, which is enough.
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
    // Even if the schema exists, `IF NOT EXISTS` requires the CREATE privilege on the database.
    const isNeedless = (text: string) => rows.length > 0 && text.startsWith('CREATE SCHEMA IF NOT EXISTS');
    const session: PgQueryable = { query: (text, values) => client.query(isNeedless(text) ? 'SELECT 1' : text, values) };
    await runMigrations(session, schema);
    isWell = true;
  } finally {
    client.release(!isWell);
  }
}

/** Runs the attempt once for all callers, and again after a failure. */
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
