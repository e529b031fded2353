import { PrismaPg } from '@prisma/adapter-pg';
import { DatabaseError, Pool, type PoolClient } from 'pg';
import { z } from 'zod';
import { connectionOptions, isSharedSession, renewReadOnly, schemaOf } from '../../../outbound/database-connection.ts';
import { StoreRefused, StoreUnavailable } from '../../../ports/stores/store-errors.ts';
import { Prisma, PrismaClient } from '../../generated/client.ts';
import { hasCode, isAnswer, refusalOf, tookTooLong, unavailability } from '../../failure.ts';
import { queriesIn, queriesOn, type Queries } from './queries.ts';
import { superviseConnections } from './connection-watchdog.ts';

/**
 * A pool of connections to PostgreSQL. Frequent work uses SQL (`query` and `transaction`); rare work uses Prisma's models,
 * which cost several times as much (docs/decisions/0028-sql-and-models.md). Both share the pool.
 *
 * All methods throw StoreUnavailable if the database cannot be used now, and StoreRefused if it rejects a statement.
 */
export type Database = {
  /** Runs queries outside of a transaction. */
  query<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Runs work in one transaction and rolls it back if the work throws. If PostgreSQL ended it to resolve a deadlock, the work runs
   * again, a few times at most. Set `isBulk` if the statements write many rows.
   */
  transaction<T>(work: (queries: Queries) => Promise<T>, options?: { readonly isBulk?: boolean }): Promise<T>;
  /** Runs queries of Prisma's models outside of a transaction. */
  models<T>(work: (models: PrismaClient) => Promise<T>): Promise<T>;
  /** Like `transaction`, with Prisma's models as well. */
  modelTransaction<T>(work: (models: Prisma.TransactionClient, queries: Queries) => Promise<T>): Promise<T>;
  /**
   * Checks that the database can be read and written now.
   *
   * @throws StoreUnavailable with the reason
   */
  check(): Promise<void>;
  close(): Promise<void>;
};

// The longest wait for a connection, and the longest run of a statement. After that the answer is "unavailable".
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 20_000;
const SETTINGS = {
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(STATEMENT_TIMEOUT_MS),
  // A plan that is kept was made for the tables as they were: in a young database, empty.
  plan_cache_mode: 'force_custom_plan',
};
/**
 * PostgreSQL checks each foreign key of each new row by a statement of its own, which is subject to the same setting. To make a plan
 * takes three times as long as the check, so a transaction with many rows allows it to keep those plans, but for itself only: a plan
 * from when a table was small reads the whole table for each row. Its own statements are not named, so that none of their plans is kept
 * either.
 */
const BULK = "DISCARD PLANS; SET LOCAL plan_cache_mode = 'auto'";
/** A session that others share gets no settings when it starts, so each transaction sets its own. */
const BEGIN_SHARED = ['BEGIN', ...Object.entries(SETTINGS).map(([name, value]) => `SET LOCAL ${name} = '${value}'`)].join('; ');
// The server ends a statement after 20 s, so a connection without data for twice as long is dead.
const SILENCE_MS = 45_000;

/**
 * Opens a small connection pool. It connects on first use and reconnects after an outage.
 *
 * @param options.silenceMs how long a connection in use may carry no data, in milliseconds
 */
export function openDatabase(url: string, options: { readonly connections: number; readonly silenceMs?: number }): Database {
  const pool = new Pool({
    ...connectionOptions(url, {
      settings: SETTINGS,
    }),
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // An open connection is fast even over a slow network; opening one takes several times as long.
    idleTimeoutMillis: 0,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A broken idle connection is replaced at the next query, which reports the error if the server is still unavailable.
  pool.on('error', () => {});
  // A connection may break in a transaction between two statements. The next one fails, which is enough.
  pool.on('connect', (client) => void client.on('error', () => {}));
  superviseConnections(pool, options.silenceMs ?? SILENCE_MS);
  const renew = renewReadOnly(pool);
  const schema = schemaOf(url);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, schema === null ? {} : { schema }) });
  const isNamed = !isSharedSession(url);
  const pooled = queriesOn(pool, { isNamed });
  const begin = isNamed ? 'BEGIN' : BEGIN_SHARED;
  let trouble: StoreUnavailable | null = null;
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await withStoreErrors(work);
    } catch (error) {
      if (error instanceof StoreUnavailable) trouble = error;
      throw error;
    }
  };
  return {
    query: (work) => noting(() => work(pooled)),
    models: (work) => noting(() => work(prisma)),
    transaction: (work, { isBulk = false } = {}) =>
      noting(() =>
        repeatedAfterDeadlock(() =>
          inTransaction(pool, isBulk ? `${begin}; ${BULK}` : begin, (client) => work(queriesOn(client, { isNamed: isNamed && !isBulk }))),
        ),
      ),
    modelTransaction: (work) =>
      noting(() =>
        repeatedAfterDeadlock(() =>
          prisma.$transaction((models) => work(models, queriesIn(models)), { maxWait: CONNECT_TIMEOUT_MS, timeout: STATEMENT_TIMEOUT_MS }),
        ),
      ),
    async check() {
      const [row] = readOnlyRows.parse(await withStoreErrors(() => pooled.rows`SELECT current_setting('transaction_read_only') AS is`));
      if (row?.is === 'on') {
        renew();
        throw new StoreUnavailable('read-only');
      }
      // After a failed write, checks with a write of a similar size: a full disk still allows reads.
      if (trouble !== null)
        await withStoreErrors(() => inTransaction(pool, begin, (client) => client.query(TRY_TO_WRITE))).catch(rethrowUnavailable);
      trouble = null;
    },
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

async function inTransaction<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Why the server ended the connection. The next statement only reports that the connection has ended.
  const keep = (error: Error): void => {
    broken ??= error;
  };
  client.on('error', keep);
  try {
    await client.query(begin);
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers so if a statement failed and its error was ignored.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back');
    return result;
  } catch (error) {
    const lost = broken;
    await client.query('ROLLBACK').catch(keep);
    throw lost ?? error;
  } finally {
    client.off('error', keep);
    client.release(broken);
  }
}

/** Two processes can meet in a deadlock more than once. */
const DEADLOCK_TRIES = 3;

async function repeatedAfterDeadlock<T>(run: () => Promise<T>): Promise<T> {
  for (let again = DEADLOCK_TRIES; ; again -= 1) {
    try {
      return await run();
    } catch (error) {
      if (!isDeadlock(error) || again === 0) throw error;
    }
  }
}

const readOnlyRows = z.array(z.object({ is: z.string() }));
/** Writes a few pages and leaves nothing behind. */
const TRY_TO_WRITE =
  'CREATE TEMPORARY TABLE creditwatch_tries_to_write ON COMMIT DROP AS SELECT md5(number::text) FROM generate_series(1, 2000) AS number';

/** Recognises Prisma's own code, and PostgreSQL's code for a raw statement. */
function isDeadlock(error: unknown): boolean {
  return hasCode(error, 'P2034') || hasCode(error, '40P01');
}

/**
 * Rethrows only if the database is unavailable. A role without the right to create temporary tables does not mean that the disk is
 * full.
 */
function rethrowUnavailable(error: unknown): void {
  if (error instanceof StoreUnavailable) throw error;
}

async function withStoreErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = unavailability(error);
    if (why !== null) throw new StoreUnavailable(isAnswer(why) ? why : null, { cause: error, tookTooLong: tookTooLong(error) });
    if (error instanceof Prisma.PrismaClientInitializationError) throw new StoreUnavailable(null, { cause: error });
    if (error instanceof DatabaseError) throw new StoreRefused(refusalOf(error), { cause: error });
    // Prisma's message contains the whole call with its values, so it only goes to the log, as the cause.
    if (OF_PRISMA.some((kind) => error instanceof kind)) throw new StoreRefused(refusalOf(error), { cause: error });
    throw error;
  }
}

const OF_PRISMA = [
  Prisma.PrismaClientKnownRequestError,
  Prisma.PrismaClientUnknownRequestError,
  Prisma.PrismaClientValidationError,
  Prisma.PrismaClientRustPanicError,
];
