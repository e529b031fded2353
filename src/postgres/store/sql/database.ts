import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { z } from 'zod';
import { connectionOptions, renewReadOnly, schemaOf } from '../../../outbound/database-connection.ts';
import { StoreRefused, StoreUnavailable } from '../../../ports/stores/store-errors.ts';
import { Prisma, PrismaClient } from '../../generated/client.ts';
import { hasCode, refusalOf, unavailability } from '../../failure.ts';
import { superviseConnections } from './connection-watchdog.ts';

export type Database = {
  readonly prisma: PrismaClient;
  /**
   * Runs work in one transaction and rolls it back if the work throws. If PostgreSQL ended it to resolve a deadlock, the work runs
   * once more.
   *
   * @throws StoreUnavailable if the database cannot be used now, StoreRefused if it rejects a statement
   */
  transaction<T>(work: (queries: Prisma.TransactionClient) => Promise<T>): Promise<T>;
  /**
   * Runs queries outside of a transaction.
   *
   * @throws StoreUnavailable if the database cannot be used now, StoreRefused if it rejects a statement
   */
  query<T>(work: (queries: PrismaClient) => Promise<T>): Promise<T>;
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
      settings: { statement_timeout: String(STATEMENT_TIMEOUT_MS), idle_in_transaction_session_timeout: String(STATEMENT_TIMEOUT_MS) },
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
  superviseConnections(pool, options.silenceMs ?? SILENCE_MS);
  const renew = renewReadOnly(pool);
  const schema = schemaOf(url);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, schema === null ? {} : { schema }) });
  let trouble: StoreUnavailable | null = null;
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await withStoreErrors(work);
    } catch (error) {
      if (error instanceof StoreUnavailable) trouble = error;
      throw error;
    }
  };
  const database: Database = {
    prisma,
    query: (work) => noting(() => work(prisma)),
    async check() {
      const [row] = readOnlyRows.parse(
        await withStoreErrors(() => prisma.$queryRaw`SELECT current_setting('transaction_read_only') AS is`),
      );
      if (row?.is === 'on') {
        renew();
        throw new StoreUnavailable('the database is read-only');
      }
      // After a failed write, checks with a write of a similar size: a full disk still allows reads.
      if (trouble !== null)
        await withStoreErrors(() => prisma.$transaction([prisma.$executeRawUnsafe(TRY_TO_WRITE)])).catch(rethrowUnavailable);
      trouble = null;
    },
    transaction: (work) =>
      noting(async () => {
        const run = () => prisma.$transaction(work, { maxWait: CONNECT_TIMEOUT_MS, timeout: STATEMENT_TIMEOUT_MS });
        try {
          return await run();
        } catch (error) {
          if (!isDeadlock(error)) throw error;
          return run();
        }
      }),
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
  return database;
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
    if (why !== null) throw new StoreUnavailable(why.answers ? `the database ${why.is}` : null, { cause: error });
    if (error instanceof Prisma.PrismaClientInitializationError) throw new StoreUnavailable(null, { cause: error });
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
