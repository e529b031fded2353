import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { connectionOptions, schemaOf, sslModeOf, withParameter } from '../outbound/database-connection.ts';
import { explainDatabase, hasCode, hasNoTls, mayPass, rootMessage } from './failure.ts';

/** A server that was reached. */
export type ReachedDatabase = {
  /** For ordinary queries. */
  readonly url: string;
  /** For what needs a session of its own: migrations, their lock, notifications. */
  readonly sessionUrl: string;
  /** Where the tables of the queue go: a schema of their own, or where ours are, if that is not public or nothing else may be made. */
  readonly queueSchema: string;
};

const CONNECT_TIMEOUT_MS = 5_000;
const AGAIN_AFTER_MS = 500;
const AGAIN_AT_MOST_MS = 5_000;
/** Whoever waits at a terminal hears by then what for, */
const SAID_AFTER_MS = 1_500;
/** again after this, and after twice as long each time, but at least so often. */
const SAID_AGAIN_AFTER_MS = 30_000;
const SAID_AT_LEAST_EVERY_MS = 10 * 60_000;
const QUEUE_SCHEMA = 'bullmq';

const POOLED =
  'DATABASE_URL leads to a connection pooler that shares sessions (such as PgBouncer in transaction mode). Set DIRECT_DATABASE_URL to the server itself, without the pooler: migrations, locks and notifications need a session of their own.';
const POOLED_SCHEMA =
  'A connection pooler that shares sessions takes no ?schema= in DATABASE_URL. Leave it out, and set it for the role: ALTER ROLE … SET search_path = …';

/**
 * Connects as libpq would, waiting for a server that is still starting, and finds out what stands between: whether it speaks TLS,
 * and whether a pooler shares sessions.
 *
 * @param directUrl the server itself, where `databaseUrl` leads to a pooler; null when nothing else is known
 * @param patienceMs how long a server that does not answer is asked again
 * @param onWaiting is told within two seconds why it is asked again, and from time to time after that
 * @param signal ends the waiting
 * @returns a sentence with the remedy as the error
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
    readonly onWaiting?: (why: string) => void;
    readonly signal?: AbortSignal;
  },
): Promise<Result<ReachedDatabase, string>> {
  const startedAt = performance.now();
  const deadline = startedAt + patienceMs;
  const waiting = sayFromTimeToTime((why) => onWaiting(describeDatabase(why, variable)));
  let againMs = AGAIN_AFTER_MS;
  let variable = 'DATABASE_URL';
  const attempt = async (): Promise<Result<ReachedDatabase, string>> => {
    variable = 'DATABASE_URL';
    const plain = await settleTls(databaseUrl);
    const isPooled = await sharesSessions(plain);
    if (isPooled && directUrl === null) return err(POOLED);
    if (isPooled && schemaOf(databaseUrl) !== null) return err(POOLED_SCHEMA);
    variable = directUrl === null ? variable : 'DIRECT_DATABASE_URL';
    const sessionUrl = directUrl === null ? plain : await settleTls(directUrl);
    const url = isPooled ? withParameter(plain, 'pgbouncer', 'true') : plain;
    return ok({ url, sessionUrl, queueSchema: await findQueueSchema(sessionUrl) });
  };
  try {
    for (;;) {
      try {
        return await until(signal, attempt());
      } catch (error) {
        if (!mayPass(error) || performance.now() > deadline || signal?.aborted === true) return err(describeDatabase(error, variable));
        waiting.because(error);
        // What ends the waiting is looked at above.
        await wait(againMs, undefined, { signal }).catch(() => {});
        againMs = Math.min(Math.round(againMs * 1.2), AGAIN_AT_MOST_MS);
      }
    }
  } finally {
    waiting.stop();
  }
}

/** What comes first: an answer, or the end of the waiting for it. */
async function until<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  const ended = new AbortController();
  const stopped = once(signal, 'abort', { signal: ended.signal }).then(() => Promise.reject(new Error('stopped while it was waited for')));
  try {
    return await (signal.aborted ? Promise.reject(new Error('stopped while it was waited for')) : Promise.race([work, stopped]));
  } finally {
    stopped.catch(() => {});
    work.catch(() => {});
    ended.abort();
  }
}

/** Says why something is waited for, less often the longer it lasts; also while the first try has not come back yet. */
function sayFromTimeToTime(say: (why: unknown) => void): { because(why: unknown): void; stop(): void } {
  let why: unknown = Object.assign(new Error('no answer yet'), { code: 'ETIMEDOUT' });
  let silentMs = SAID_AGAIN_AFTER_MS;
  let timer = setTimeout(speak, SAID_AFTER_MS);
  return {
    because: (reason) => (why = reason),
    stop: () => clearTimeout(timer),
  };

  function speak(): void {
    say(why);
    timer = setTimeout(speak, silentMs);
    silentMs = Math.min(2 * silentMs, SAID_AT_LEAST_EVERY_MS);
  }
}

/** Why the database cannot be used, with the remedy, for the operator. */
export function describeDatabase(error: unknown, variable = 'DATABASE_URL'): string {
  const cause = explainDatabase(error);
  const said = rootMessage(error);
  return cause === null
    ? `The database of ${variable} cannot be used: ${said}`
    : `The database of ${variable} ${cause.is} (${said}). ${cause.remedy.replaceAll('DATABASE_URL', variable).replaceAll(`DIRECT_${variable}`, 'DIRECT_DATABASE_URL')}`;
}

/** The same string with the sslmode that works, where it leaves a choice. */
async function settleTls(databaseUrl: string): Promise<string> {
  const mode = sslModeOf(databaseUrl);
  // Without settings, which a pooler may refuse.
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
    // That there is no TLS was to be expected; a server that wants it says so the other way.
    throw hasNoTls(refusal.error) ? error : refusal.error;
  }
}

const pidRows = z.array(z.object({ pid: z.int() }));

/** Two clients that have the same session, one after the other, do not own it. */
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

/** PgBouncer ends a connection that begins with settings it does not know (pgbouncer.org/config.html, ignore_startup_parameters). */
async function refusesSettings(databaseUrl: string): Promise<boolean> {
  try {
    await within(databaseUrl, async () => {}, { statement_timeout: '20000' });
    return false;
  } catch (error) {
    if (hasCode(error, '08P01')) return true;
    throw error;
  }
}

/** BullMQ takes no other. */
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
    if (place === undefined || place.own === null)
      throw Object.assign(new Error('no schema has been selected to create in'), { code: '3F000' });
    if (!SIMPLE_NAME.test(place.own))
      throw new Error(`the queue takes no schema of the name "${place.own}": use letters, digits and underscores alone`);
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
