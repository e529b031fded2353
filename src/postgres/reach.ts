import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import type { DatabaseFailure } from '../core/database-failure.ts';
import { connectionOptions, ConnectionStringError, schemaOf, sslModeOf, withParameter } from '../outbound/database-connection.ts';
import { reportWaiting } from './report-waiting.ts';
import { explainDatabase, hasCode, hasNoTls, mayPass, NoSchema, rootMessage } from './failure.ts';

/** A server that was reached. */
export type ReachedDatabase = {
  /** For ordinary queries. */
  readonly url: string;
  /** For work that needs its own session: migrations, their lock, notifications. */
  readonly sessionUrl: string;
  /** The schema for the tables of the queue: its own, or that of our tables if it is not public or no other may be created. */
  readonly queueSchema: string;
};

const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 500;
const AGAIN_AT_MOST_MS = 5_000;
const QUEUE_SCHEMA = 'bullmq';

/**
 * Connects as libpq would, waiting for a server that is still starting, and detects whether the server supports TLS and whether a
 * pooler shares sessions.
 *
 * @param directUrl the server itself if `databaseUrl` leads to a pooler; null if unknown
 * @param patienceMs how long to retry a server that does not answer, in milliseconds
 * @param onWaiting called within two seconds with the reason for waiting, and then from time to time
 * @param signal ends the waiting
 * @returns the server, or why it cannot be used
 */
export async function reachDatabase(
  databaseUrl: string,
  {
    directUrl,
    patienceMs,
    onWaiting = () => {},
    signal,
  }: {
    readonly directUrl: string | null;
    readonly patienceMs: number;
    readonly onWaiting?: (why: DatabaseFailure) => void;
    readonly signal?: AbortSignal;
  },
): Promise<Result<ReachedDatabase, DatabaseFailure>> {
  const startedAt = performance.now();
  const deadline = startedAt + patienceMs;
  const waiting = reportWaiting((error) =>
    onWaiting(error === null ? { kind: 'unusable', variable, problem: 'silent', said: null } : describeDatabase(error, variable)),
  );
  let againMs = AGAIN_AFTER_MS;
  let variable = 'DATABASE_URL';
  const attempt = async (): Promise<Result<ReachedDatabase, DatabaseFailure>> => {
    variable = 'DATABASE_URL';
    const plain = await settleTls(databaseUrl);
    const isPooled = await sharesSessions(plain);
    if (isPooled && directUrl === null) return err({ kind: 'pooled' });
    if (isPooled && schemaOf(databaseUrl) !== null) return err({ kind: 'pooled-schema' });
    variable = directUrl === null ? variable : 'DIRECT_DATABASE_URL';
    const sessionUrl = directUrl === null ? plain : await settleTls(directUrl);
    const url = isPooled ? withParameter(plain, 'pgbouncer', 'true') : plain;
    return ok({ url, sessionUrl, queueSchema: await findQueueSchema(sessionUrl) });
  };
  try {
    for (;;) {
      try {
        return (await until(signal, attempt())) ?? err({ kind: 'stopped', variable });
      } catch (error) {
        if (signal?.aborted === true) return err({ kind: 'stopped', variable });
        if (!mayPass(error) || performance.now() > deadline) return err(describeDatabase(error, variable));
        waiting.because(error);
        // The condition above handles the abort.
        await wait(againMs, undefined, { signal }).catch(() => {});
        againMs = Math.min(Math.round(againMs * 1.2), AGAIN_AT_MOST_MS);
      }
    }
  } finally {
    waiting.stop();
  }
}

/** Returns the result of the work, or null if the signal ends the waiting before. */
async function until<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T | null> {
  if (signal === undefined) return work;
  const ended = new AbortController();
  const stopped = once(signal, 'abort', { signal: ended.signal }).then(() => null);
  try {
    return signal.aborted ? null : await Promise.race([work, stopped]);
  } finally {
    stopped.catch(() => {});
    work.catch(() => {});
    ended.abort();
  }
}

/** Returns why the database cannot be used. */
export function describeDatabase(error: unknown, variable = 'DATABASE_URL'): DatabaseFailure {
  if (error instanceof ConnectionStringError) return { kind: 'connection-string', variable, mistake: error.mistake };
  if (error instanceof UnusableSchema) return { kind: 'queue-schema', variable, schema: error.schema };
  if (error instanceof NoSchema) return { kind: 'unusable', variable, problem: 'no-schema', said: null };
  const problem = explainDatabase(error);
  const said = rootMessage(error);
  return problem === null ? { kind: 'unusable', variable, problem, said } : { kind: 'unusable', variable, problem, said };
}

/** Returns the URL with an sslmode that works, if the URL leaves a choice. */
async function settleTls(databaseUrl: string): Promise<string> {
  const mode = sslModeOf(databaseUrl);
  // Without session settings, which a pooler may reject.
  const connect = (url: string) => within(withParameter(url, 'pgbouncer', 'true'), async () => {});
  if (mode !== null && mode !== 'prefer' && mode !== 'allow') {
    await connect(databaseUrl);
    return databaseUrl;
  }
  const [first, second] = mode === 'allow' ? ['disable', 'require'] : ['require', 'disable'];
  const preferred = withParameter(databaseUrl, 'sslmode', first);
  const other = withParameter(databaseUrl, 'sslmode', second);
  const refusal = await connect(preferred).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (refusal === null) return preferred;
  try {
    await connect(other);
    return other;
  } catch (error) {
    // With sslmode=prefer, a server without TLS is expected. If the server requires TLS, the second error says so.
    throw hasNoTls(refusal.error) ? error : refusal.error;
  }
}

const pidRows = z.array(z.object({ pid: z.int() }));

/** Whether two clients, one after the other, get the same session, as behind a pooler. */
async function sharesSessions(databaseUrl: string): Promise<boolean> {
  const plain = withParameter(databaseUrl, 'pgbouncer', 'true');
  if (await refusesSettings(databaseUrl)) return true;
  return within(plain, async (first) => {
    const before = await sessionOf(first);
    return within(plain, async (second) => {
      await second.query('BEGIN');
      const other = await sessionOf(second);
      const after = await sessionOf(first);
      await second.query('ROLLBACK');
      return other === before || after !== before;
    });
  });
}

async function sessionOf(client: Client): Promise<number | undefined> {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  return pidRows.parse(rows)[0]?.pid;
}

/** PgBouncer rejects a connection with unknown settings (pgbouncer.org/config.html, ignore_startup_parameters). */
async function refusesSettings(databaseUrl: string): Promise<boolean> {
  try {
    await within(databaseUrl, async () => {}, { statement_timeout: '20000' });
    return false;
  } catch (error) {
    if (hasCode(error, '08P01')) return true;
    throw error;
  }
}

/** The queue cannot use a schema with this name. */
class UnusableSchema extends Error {
  readonly schema: string;
  constructor(schema: string) {
    super('schema not usable for the queue');
    this.schema = schema;
  }
}

/** BullMQ accepts no other names. */
const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_$]*$/;
const placeRows = z.array(z.object({ own: z.string().nullable(), may_create: z.boolean(), has_queue: z.boolean() }));

async function findQueueSchema(databaseUrl: string): Promise<string> {
  return within(databaseUrl, async (client) => {
    const schema = schemaOf(databaseUrl);
    if (schema !== null) {
      const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
      if (rows.length === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema.replaceAll('"', '""')}"`);
    }
    const { rows } = await client.query(
      `SELECT current_schema() AS own, has_database_privilege(current_database(), 'CREATE') AS may_create,
         EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1 AND has_schema_privilege(nspname, 'CREATE')) AS has_queue`,
      [QUEUE_SCHEMA],
    );
    const [place] = placeRows.parse(rows);
    if (place === undefined || place.own === null) throw new NoSchema();
    if (!SIMPLE_NAME.test(place.own)) throw new UnusableSchema(place.own);
    return place.own === 'public' && (place.may_create || place.has_queue) ? QUEUE_SCHEMA : place.own;
  });
}

async function within<T>(
  databaseUrl: string,
  work: (client: Client) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const client = new Client({ ...connectionOptions(databaseUrl, { settings }), connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
