import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { withParameter } from '../../src/outbound/database-connection.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import { openDatabase, type Database } from '../../src/postgres/store/sql/database.ts';
import { createDatabase, createFreshDatabase, runSql } from '../support/database.ts';
import { troubledLink, type TroubledLink } from '../support/troubled-link.ts';

const pidRows = z.array(z.object({ pid: z.int() }));

test('after a deadlock the ended transaction runs again, and both succeed', async () => {
  const { url } = await createDatabase();
  await runSql(url, "INSERT INTO account (id, created_at) VALUES ('left', now()), ('right', now())");
  const database = openDatabase(url, { connections: 2 });
  onTestFinished(() => database.close());
  let begun = 0;
  let bothHold = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    bothHold = resolve;
  });
  const change = (first: string, second: string) =>
    database.transaction(async (queries) => {
      await queries.run`UPDATE account SET admins = array_append(admins, ${first}) WHERE id = ${first}`;
      begun += 1;
      if (begun === 2) bothHold();
      await held;
      await queries.run`UPDATE account SET admins = array_append(admins, ${first}) WHERE id = ${second}`;
      return first;
    });
  expect(await Promise.all([change('left', 'right'), change('right', 'left')])).toEqual(['left', 'right']);
  // The repeat can meet the other one in a deadlock again.
  expect(begun).toBeGreaterThan(2);
  expect(await runSql(url, 'SELECT cardinality(admins) AS changes FROM account ORDER BY id')).toEqual([{ changes: 2 }, { changes: 2 }]);
});

test('a transaction that fails for another reason is not repeated', async () => {
  const { url } = await createDatabase();
  const database = openDatabase(url, { connections: 1 });
  onTestFinished(() => database.close());
  let runs = 0;
  const failing = database.transaction(async () => {
    runs += 1;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(runs).toBe(1);
});

test('a transaction with many rows keeps no plan of one that met small tables', async () => {
  const { url } = await createFreshDatabase('template0');
  await runSql(url, 'CREATE TABLE named (name text PRIMARY KEY); CREATE TABLE naming (name text REFERENCES named)');
  const database = openDatabase(url, { connections: 1 });
  onTestFinished(() => database.close());
  const add = (from: number, to: number) =>
    database.transaction(
      async (queries) => {
        await queries.run`INSERT INTO named SELECT generate_series(${from}::int, ${to}::int)::text`;
        await queries.run`INSERT INTO naming SELECT generate_series(${from}::int, ${to}::int)::text`;
      },
      { isBulk: true },
    );
  await add(1, 20);
  // Now it is known that the table is small.
  await runSql(url, 'VACUUM ANALYZE named');
  await add(21, 40);
  await add(41, 2_000);
  await database.query((queries) => queries.rows`SELECT pg_stat_force_next_flush()`);
  const [read] = await runSql(url, "SELECT seq_tup_read::int AS read FROM pg_stat_user_tables WHERE relname = 'named'");
  // Each check that reads the table reads a thousand rows and more.
  expect(read?.['read']).toBeLessThan(10_000);
});

test.each([
  ['of its own', 'false', '1'],
  ['behind a pooler', 'true', '0'],
])(
  'a transaction with many rows may keep the plans of foreign keys, but none of its own; the next one keeps none: a session %s',
  async (_, isShared, kept) => {
    const { url } = await createDatabase();
    const database = openDatabase(withParameter(url, 'pgbouncer', isShared), { connections: 1 });
    onTestFinished(() => database.close());
    const modes = z.array(z.object({ mode: z.string(), kept: z.string() }));
    const modeIn = (options?: { readonly isBulk: boolean }) =>
      database.transaction(async (queries) => {
        await queries.run`SELECT ${'bulk'}::text`;
        return modes.parse(
          await queries.rows`
          SELECT current_setting('plan_cache_mode') AS mode, (SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%$1::text')::text AS kept`,
        )[0];
      }, options);
    expect(await modeIn({ isBulk: true })).toEqual({ mode: 'auto', kept: '0' });
    expect(await modeIn()).toEqual({ mode: 'force_custom_plan', kept });
    expect((await modeIn({ isBulk: true }))?.mode).toBe('auto');
  },
);

describe('work of ours that takes too long is not taken for a server that is away', () => {
  test('a statement', async () => {
    const database = openDatabase((await createDatabase()).url, { connections: 1 });
    onTestFinished(() => database.close());
    const slow = database.transaction(async (queries) => {
      await queries.run`SET LOCAL statement_timeout = '1ms'`;
      return queries.run`SELECT pg_sleep(5)`;
    });
    await expect(slow).rejects.toMatchObject({ name: 'StoreUnavailable', problem: 'slow-statement', tookTooLong: true });
  });

  test('a pause in a transaction', async () => {
    const { url } = await createDatabase();
    const database = openDatabase(url, { connections: 1 });
    onTestFinished(() => database.close());
    const slow = database.transaction(async (queries) => {
      const [mine] = pidRows.parse(await queries.rows`SELECT pg_backend_pid() AS pid`);
      await queries.run`SET LOCAL idle_in_transaction_session_timeout = '1ms'`;
      const isOpen = `SELECT count(*)::int AS sessions FROM pg_stat_activity WHERE pid = ${String(mine?.pid)}`;
      await expect.poll(() => runSql(url, isOpen)).toEqual([{ sessions: 0 }]);
      return queries.run`SELECT 1`;
    });
    await expect(slow).rejects.toMatchObject({ name: 'StoreUnavailable', problem: 'slow-transaction', tookTooLong: true });
  });
});

const pidOf = (database: Database) =>
  database.query((queries) => queries.rows`SELECT pg_backend_pid() AS pid`.then((rows) => pidRows.parse(rows)[0]?.pid));

test.each<[string, (database: Database, link: TroubledLink) => Promise<unknown>]>([
  [
    'a query',
    (database, link) => {
      link.hush();
      return pidOf(database);
    },
  ],
  [
    'a transaction that begins',
    (database, link) => {
      link.hush();
      return database.transaction(async () => 0);
    },
  ],
  [
    'a transaction under way',
    (database, link) =>
      database.transaction(async (queries) => {
        await queries.run`SELECT 1`;
        link.hush();
        return queries.run`SELECT 2`;
      }),
  ],
  [
    'a transaction that commits',
    (database, link) =>
      database.transaction(async (queries) => {
        await queries.run`SELECT 1`;
        link.hush();
      }),
  ],
])('%s on a dead connection ends as unavailable, and the next one gets another connection', async (_, run) => {
  const link = await troubledLink((await createDatabase()).url, 5432);
  const database = openDatabase(link.url, { connections: 1, silenceMs: 200 });
  onTestFinished(() => database.close());
  const dead = await pidOf(database);
  await expect(run(database, link)).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await pidOf(database)).not.toBe(dead);
});

test('an idle connection is kept, however long it carries no data', async () => {
  const database = openDatabase((await createDatabase()).url, { connections: 2, silenceMs: 200 });
  onTestFinished(() => database.close());
  const pids = await Promise.all([pidOf(database), pidOf(database)]);
  // Longer than a connection in use may be without data; the other one is idle meanwhile.
  await expect(database.query((queries) => queries.run`SELECT pg_sleep(2)`)).rejects.toBeInstanceOf(StoreUnavailable);
  expect(pids).toContain(await pidOf(database));
});
