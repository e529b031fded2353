import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** Databases of this test file that no test uses now: emptying one takes a tenth of the time of making one. */
const idle: TestDatabase[] = [];

/**
 * A migrated and empty database on the test run's server, for one test at a time. `drop` ends whatever is connected to it and leaves
 * it to the next test of the file.
 */
export async function createDatabase(): Promise<TestDatabase> {
  const before = idle.pop();
  if (before === undefined) return createFreshDatabase('creditwatch', (database) => void idle.push(database));
  await runSql(before.url, EMPTY);
  return before;
}

/** A database that no other test gets: for who changes its tables; with `template0` one without a table. */
export async function createFreshDatabase(
  template: 'creditwatch' | 'template0' = 'creditwatch',
  keep?: (database: TestDatabase) => void,
): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = {
    url: url.href,
    async drop() {
      if (keep === undefined) return onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await onServer(serverUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      keep(database);
    },
  };
  return database;
}

/** Neither foreign keys nor triggers are asked. What BullMQ has made goes too. */
const EMPTY = `
  DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'
    LOOP EXECUTE format('DELETE FROM %I', one.relname); END LOOP;
    DROP SCHEMA IF EXISTS bullmq CASCADE;
  END $$`;

/** Runs one statement on a database. */
export async function runSql(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const admin = new URL(serverUrl);
  admin.pathname = '/postgres';
  await runSql(admin.href, sql);
}
