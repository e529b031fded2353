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
   * Runs work in one transaction; whatever it throws rolls it back. When it and another waited for each other, PostgreSQL has
   * ended it and let the other go on: then it runs once more.
   */
  transaction<T>(work: (queries: Prisma.TransactionClient) => Promise<T>): Promise<T>;
  /** Runs queries and turns a database that is away into StoreUnavailable. */
  query<T>(work: (queries: PrismaClient) => Promise<T>): Promise<T>;
  /** Whether it can be read and written now; throws StoreUnavailable with the reason. */
  check(): Promise<void>;
  close(): Promise<void>;
};

// A caller waits at most this long for a connection, and the server that long on a statement: then the answer is "unavailable".
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 20_000;
// The server ends a statement by then: who has said nothing for twice as long is not there any more.
const SILENCE_MS = 45_000;

/** Opens a small pool. Connects when first used, and again after the server was away. */
export function openDatabase(url: string, options: { readonly connections: number; readonly silenceMs?: number }): Database {
  const pool = new Pool({
    ...connectionOptions(url, {
      settings: { statement_timeout: String(STATEMENT_TIMEOUT_MS), idle_in_transaction_session_timeout: String(STATEMENT_TIMEOUT_MS) },
    }),
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A connection that is open answers even when the way is slow; opening one takes several times as long.
    idleTimeoutMillis: 0,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // An idle connection that breaks is replaced at the next query, which reports it if the server is still away.
  pool.on('error', () => {});
  superviseConnections(pool, options.silenceMs ?? SILENCE_MS);
  const renew = renewReadOnly(pool);
  const schema = schemaOf(url);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, schema === null ? {} : { schema }) });
  let trouble: StoreUnavailable | null = null;
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await availably(work);
    } catch (error) {
      if (error instanceof StoreUnavailable) trouble = error;
      throw error;
    }
  };
  const database: Database = {
    prisma,
    query: (work) => noting(() => work(prisma)),
    async check() {
      const [row] = readOnlyRows.parse(await availably(() => prisma.$queryRaw`SELECT current_setting('transaction_read_only') AS is`));
      if (row?.is === 'on') {
        renew();
        throw new StoreUnavailable('the database is read-only');
      }
      // What could not be written before is tried again with something as large: reading goes on while a disk is full.
      if (trouble !== null) await availably(() => prisma.$transaction([prisma.$executeRawUnsafe(TRY_TO_WRITE)])).catch(rethrowUnavailable);
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
/** Takes a few new pages, and leaves nothing behind. */
const TRY_TO_WRITE =
  'CREATE TEMPORARY TABLE creditwatch_tries_to_write ON COMMIT DROP AS SELECT md5(number::text) FROM generate_series(1, 2000) AS number';

/** Prisma's code for it, and PostgreSQL's where the statement was ours. */
function isDeadlock(error: unknown): boolean {
  return hasCode(error, 'P2034') || hasCode(error, '40P01');
}

/** A role that may make no temporary table has not been refused for want of space. */
function rethrowUnavailable(error: unknown): void {
  if (error instanceof StoreUnavailable) throw error;
}

async function availably<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = unavailability(error);
    if (why !== null) throw new StoreUnavailable(why.answers ? `the database ${why.is}` : null, { cause: error });
    if (error instanceof Prisma.PrismaClientInitializationError) throw new StoreUnavailable(null, { cause: error });
    // What Prisma says holds the whole call, with its values: it goes to the log alone, as the cause.
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
