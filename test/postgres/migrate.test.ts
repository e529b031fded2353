import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deploy, diagnose, MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { migrate } from '../../src/postgres/migrate.ts';
import { createFreshDatabase, runSql } from '../support/database.ts';

const RECORDS =
  'SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY started_at';
const IN_ORDER = { editedMigrationNames: [], failedMigrationNames: [], hasMigrationsTable: true, history: null };

async function emptyDatabase(): Promise<string> {
  const database = await createFreshDatabase('template0');
  onTestFinished(() => database.drop());
  return database.url;
}

/** A temporary migrations folder with these files, by name. */
function migrationsOf(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'creditwatch-migrations-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, sql] of Object.entries(files)) write(dir, name, sql);
  return dir;
}

function write(dir: string, name: string, sql: string): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'migration.sql'), sql);
}

async function tables(url: string): Promise<unknown[]> {
  const rows = await runSql(
    url,
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1",
  );
  return rows.map((row) => row['table_name']);
}

const TWO = { '1_one': 'CREATE TABLE one ();', '2_two': 'CREATE TABLE two ();' };

test('the first run applies every file in the order of names, the second run applies nothing', async () => {
  const [url, migrationsDir] = [
    await emptyDatabase(),
    migrationsOf({ '2_two': 'ALTER TABLE one ADD COLUMN two int;', '1_one': 'CREATE TABLE one ();' }),
  ];
  expect(await migrate({ url, migrationsDir })).toEqual({ ok: true, value: { applied: ['1_one', '2_two'], alreadyApplied: 0 } });
  expect(await migrate({ url, migrationsDir })).toEqual({ ok: true, value: { applied: [], alreadyApplied: 2 } });
});

test('a later run applies only the new file', async () => {
  const [url, migrationsDir] = [await emptyDatabase(), migrationsOf({ '1_one': 'CREATE TABLE one ();' })];
  await migrate({ url, migrationsDir });
  write(migrationsDir, '2_two', 'CREATE TABLE two ();');
  expect(await migrate({ url, migrationsDir })).toEqual({ ok: true, value: { applied: ['2_two'], alreadyApplied: 1 } });
  expect(await tables(url)).toEqual(['one', 'two']);
});

test('the records equal those of prisma migrate deploy, and each accepts the work of the other', async () => {
  const [ours, theirs] = [await emptyDatabase(), await emptyDatabase()];
  const names = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  await migrate({ url: ours, migrationsDir: MIGRATIONS });
  expect(await deploy(theirs)).toEqual(names);
  const records = await runSql(ours, RECORDS);
  expect(records).toEqual(await runSql(theirs, RECORDS));
  expect(records).toEqual(
    names.map((name) =>
      expect.objectContaining({ migration_name: name, checksum: sha256(join(MIGRATIONS, name, 'migration.sql')), finished: true }),
    ),
  );

  expect(await diagnose(ours)).toEqual(IN_ORDER);
  expect(await deploy(ours)).toEqual([]);
  expect(await migrate({ url: theirs, migrationsDir: MIGRATIONS })).toEqual({
    ok: true,
    value: { applied: [], alreadyApplied: names.length },
  });
});

test('rejects a file that was changed after it was applied, by name', async () => {
  const [url, migrationsDir] = [await emptyDatabase(), migrationsOf(TWO)];
  await migrate({ url, migrationsDir });
  write(migrationsDir, '2_two', 'CREATE TABLE two (id int);');
  write(migrationsDir, '3_three', 'CREATE TABLE three ();');
  expect(await migrate({ url, migrationsDir })).toEqual({
    ok: false,
    error: { kind: 'changed', migration: '2_two' },
  });
  expect(await tables(url)).toEqual(['one', 'two']);
});

test('changed line endings do not count as a change, for Prisma neither', async () => {
  const url = await emptyDatabase();
  await migrate({ url, migrationsDir: MIGRATIONS });
  const windows = mkdtempSync(join(tmpdir(), 'creditwatch-migrations-'));
  onTestFinished(() => rmSync(windows, { recursive: true, force: true }));
  cpSync(MIGRATIONS, windows, { recursive: true });
  for (const name of readdirSync(windows).filter((entry) => /^\d/.test(entry))) {
    const file = join(windows, name, 'migration.sql');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  }
  expect(await diagnose(url, windows)).toEqual(IN_ORDER);
  expect(await migrate({ url, migrationsDir: windows })).toMatchObject({ ok: true, value: { applied: [] } });

  const second = await emptyDatabase();
  await migrate({ url: second, migrationsDir: windows });
  expect(await migrate({ url: second, migrationsDir: MIGRATIONS })).toMatchObject({ ok: true, value: { applied: [] } });
});

test('rejects a migration that failed under prisma migrate until it is resolved, by name', async () => {
  const [url, migrationsDir] = [await emptyDatabase(), migrationsOf(TWO)];
  await migrate({ url, migrationsDir });
  await runSql(url, "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_two'");
  expect(await migrate({ url, migrationsDir })).toEqual({
    ok: false,
    error: { kind: 'failed', migration: '2_two' },
  });

  // The state that `prisma migrate resolve --rolled-back` leaves.
  await runSql(url, "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '2_two'");
  await runSql(url, 'DROP TABLE two');
  expect(await migrate({ url, migrationsDir })).toEqual({ ok: true, value: { applied: ['2_two'], alreadyApplied: 1 } });
});

test('rejects a database that a newer version used, and names the unknown migration', async () => {
  const [url, migrationsDir] = [await emptyDatabase(), migrationsOf(TWO)];
  await migrate({ url, migrationsDir });
  rmSync(join(migrationsDir, '2_two'), { recursive: true });
  expect(await migrate({ url, migrationsDir })).toEqual({
    ok: false,
    error: { kind: 'unknown-newer', migration: '2_two' },
  });
});

test('a file whose second statement fails is rolled back, and earlier files stay applied', async () => {
  const [url, migrationsDir] = [await emptyDatabase(), migrationsOf({ ...TWO, '3_three': 'CREATE TABLE three (); CREATE TABLE one ();' })];
  expect(await migrate({ url, migrationsDir })).toEqual({
    ok: false,
    error: { kind: 'sql-error', migration: '3_three', problem: null, said: 'relation "one" already exists' },
  });
  expect(await tables(url)).toEqual(['one', 'two']);
  write(migrationsDir, '3_three', 'CREATE TABLE three ();');
  expect(await migrate({ url, migrationsDir })).toEqual({ ok: true, value: { applied: ['3_three'], alreadyApplied: 2 } });
});

test('of five concurrent runs, one applies everything and four find it done', async () => {
  const [url, migrationsDir] = [
    await emptyDatabase(),
    migrationsOf({ '1_slow': 'SELECT pg_sleep(0.3); CREATE TABLE one ();', '2_two': 'CREATE TABLE two ();' }),
  ];
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => migrate({ url, migrationsDir })));
  expect(results.flatMap((result) => (result.ok ? result.value.applied : ['failed']))).toEqual(['1_slow', '2_two']);
  expect(await runSql(url, 'SELECT migration_name FROM _prisma_migrations ORDER BY 1')).toEqual([
    { migration_name: '1_slow' },
    { migration_name: '2_two' },
  ]);
});

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
