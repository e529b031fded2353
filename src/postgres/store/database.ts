import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { StoreUnavailable } from '../../ports/ingest.ts';
import { Prisma, PrismaClient } from '../generated/client.ts';
import { endSilentConnections } from './silent-connections.ts';

export type Database = {
  readonly prisma: PrismaClient;
  /**
   * Runs work in one transaction; whatever it throws rolls it back. When it and another waited for each other, PostgreSQL has
   * ended it and let the other go on: then it runs once more.
   */
  transaction<T>(work: (queries: Prisma.TransactionClient) => Promise<T>): Promise<T>;
  /** Runs queries and turns a database that is away into StoreUnavailable. */
  query<T>(work: (queries: PrismaClient) => Promise<T>): Promise<T>;
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
    connectionString: url,
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A connection that is open answers even when the way is slow; opening one takes several times as long.
    idleTimeoutMillis: 0,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // An idle connection that breaks is replaced at the next query, which reports it if the server is still away.
  pool.on('error', () => {});
  endSilentConnections(pool, options.silenceMs ?? SILENCE_MS);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    query: (work) => availably(() => work(prisma)),
    transaction: (work) =>
      availably(async () => {
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
}

/** Prisma's code for it, and PostgreSQL's where the statement was ours. */
function isDeadlock(error: unknown): boolean {
  return (
    error instanceof Error &&
    (('code' in error && error.code === 'P2034') || /TransactionWriteConflict|40P01|deadlock detected/.test(error.message))
  );
}

async function availably<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAway(error)) throw new StoreUnavailable('the database does not answer', { cause: error });
    throw error;
  }
}

/**
 * Prisma's codes for a server that cannot be reached, closed the connection, gave no connection or transaction in time
 * (https://www.prisma.io/docs/orm/reference/error-reference), and PostgreSQL's and Node's for the same.
 */
const AWAY = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
const AWAY_MESSAGE =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|Connection terminated|timeout exceeded when trying to connect|terminating connection|database system is (starting up|shutting down|in recovery)|statement timeout|Client has encountered a connection error|the server has gone silent|57P0[123]|57014|53300|08\d{3}/;

function isAway(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && AWAY.has(cause.code)) return true;
    if (AWAY_MESSAGE.test(cause.message)) return true;
    if (cause instanceof Prisma.PrismaClientInitializationError) return true;
    if (cause.message.includes('DatabaseNotReachable')) return true;
  }
  return false;
}
