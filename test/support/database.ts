import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { inject, onTestFinished, TestRunner } from 'vitest';
import { withParameter } from '../../src/outbound/database-connection.ts';
import type { EncryptionKeys } from '../../src/ports/stores/encryption-store.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { openDatabase, type Database } from '../../src/postgres/store/sql/database.ts';
import { openStore } from '../../src/postgres/store/store.ts';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** Databases that no test of this worker uses now: emptying one takes a tenth of the time of making one. */
const idle: TestDatabase[] = [];

/**
 * What is open of them, by URL, and stays open: a client of Prisma compiles every query anew, which takes longer than most tests.
 */
const open = new Map<string, Database>();
const KEPT_OPEN = 'kept open for the tests';

/**
 * A migrated and empty database on the test run's server, for one test at a time. `drop` ends whatever is connected to it and leaves
 * it to the next test; a database that is made in a test is dropped with it.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const database = idle.pop() ?? (await makeKeptOpen());
  await empty(database.url);
  let isDropped = false;
  const drop = async (): Promise<void> => {
    if (isDropped) return;
    isDropped = true;
    await database.drop();
    idle.push(database);
  };
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(drop);
  return { url: database.url, drop };
}

async function makeKeptOpen(): Promise<TestDatabase> {
  const { url } = await makeDatabase('creditwatch');
  const name = new URL(url).pathname.slice(1);
  keepOpen(url);
  return {
    url,
    drop: () =>
      onServer(
        inject('serverUrl'),
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND application_name <> '${KEPT_OPEN}'`,
      ),
  };
}

/** The store of any database. Of one that `createDatabase` made it does not open a client, nor does its `close` close that. */
export function openTestStore(url: string, encryption: Buffer | (() => EncryptionKeys)): Store {
  const database = open.get(url);
  return openStore(url, encryption, database && lent(database));
}

/** An open database until it is closed: then it waits for what is under way and takes nothing more, as one that is really closed. */
function lent(database: Database): Database {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  async function during<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw new StoreUnavailable('connection-closed');
    const run = work();
    running.add(run);
    try {
      return await run;
    } finally {
      running.delete(run);
    }
  }
  return {
    query: (work) => during(() => database.query(work)),
    transaction: (work, options) => during(() => database.transaction(work, options)),
    models: (work) => during(() => database.models(work)),
    modelTransaction: (work) => during(() => database.modelTransaction(work)),
    check: () => during(() => database.check()),
    async close() {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
}

function keepOpen(url: string): void {
  open.set(url, openDatabase(withParameter(url, 'application_name', KEPT_OPEN), { connections: 5 }));
}

/** A database that no other test gets: for who changes its tables; with `template0` one without a table. It is dropped with the test. */
export async function createFreshDatabase(template: 'creditwatch' | 'template0' = 'creditwatch'): Promise<TestDatabase> {
  const database = await makeDatabase(template);
  if (TestRunner.getCurrentTest() === undefined) return database;
  if (template === 'creditwatch') keepOpen(database.url);
  const drop = async (): Promise<void> => {
    await open.get(database.url)?.close();
    open.delete(database.url);
    await database.drop();
  };
  onTestFinished(drop);
  return { url: database.url, drop };
}

async function makeDatabase(template: 'creditwatch' | 'template0'): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** What empties a database, by URL: a connection of its own, and the statements that its procedure holds. */
const emptying = new Map<string, { readonly pool: Pool; statements: string }>();

/**
 * Deletes all rows, where neither foreign keys nor triggers are asked and the statements keep their plans. A large table is cut: deleted rows
 * would be read again by each statement of the tests after it. What BullMQ has made stays as empty as it was made.
 */
async function empty(url: string): Promise<void> {
  const its = emptying.get(url) ?? { pool: makePool(url, '-c session_replication_role=replica'), statements: '' };
  if (!emptying.has(url)) its.pool.on('connect', () => void (its.statements = ''));
  emptying.set(url, its);
  const { rows } = await its.pool.query<{ statements: string }>(STATEMENTS);
  const statements = rows[0]?.statements ?? '';
  if (statements !== its.statements)
    await its.pool.query(`CREATE OR REPLACE PROCEDURE pg_temp.empty() LANGUAGE plpgsql AS $$ BEGIN ${statements} END $$`);
  its.statements = statements;
  await its.pool.query('CALL pg_temp.empty()');
}

const STATEMENTS = `
  SELECT string_agg(format('IF pg_relation_size(%1$L) > 65536 THEN TRUNCATE %1$s CASCADE; ELSE DELETE FROM %1$s; END IF;', pg_class.oid::regclass), ' ' ORDER BY pg_class.oid)
    AS statements
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind = 'r' AND nspname IN ('public', 'bullmq') AND relname NOT LIKE '%migration%'`;

function makePool(url: string, options?: string): Pool {
  const made = new Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    application_name: KEPT_OPEN,
    ...(options !== undefined && { options }),
  });
  // The next statement connects again if the database was dropped or the connection was ended.
  made.on('error', () => {});
  return made;
}

/** A connection of `runSql` to each database of the test run's server: opening one takes ten times as long as a statement. */
const pools = new Map<string, Pool>();

/** Runs one statement on a database. To another server than that of the test run it opens a connection for it. */
export async function runSql(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const isKept = new URL(url).host === new URL(inject('serverUrl')).host;
  const pool = pools.get(url) ?? makePool(url);
  if (isKept) pools.set(url, pool);
  try {
    return (await pool.query<Record<string, unknown>>(sql)).rows;
  } finally {
    if (!isKept) await pool.end();
  }
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const admin = new URL(serverUrl);
  admin.pathname = '/postgres';
  await runSql(admin.href, sql);
}
