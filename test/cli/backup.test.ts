import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openBackup } from '../../src/postgres/backup/open.ts';
import { takeBackup } from '../../src/postgres/backup/take.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { migratedText } from '../../src/messages/replies/operations.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createFreshDatabase, runSql } from '../support/database.ts';
import { copyOfMigrations, fillEveryTable, ourTables, rowsOf } from '../support/every-table.ts';
import { readingNow } from '../support/readings.ts';

vi.setConfig({ testTimeout: 90_000 });

const doneSchema = z.object({ rows: z.record(z.string(), z.number()) });

/** A database with an account, its meters and their readings, in a terminal of its own. */
async function filled() {
  const { url: databaseUrl } = await createFreshDatabase();
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl });
  const readings = ['leads', 'mails'].map((meter) => readingNow(meter, 900));
  expect((await cli.run(['import', '-'], { input: JSON.stringify({ source: 'acme', readings }) })).code).toBe(0);
  return { databaseUrl, cli, file: join(cli.folder, 'all.backup') };
}

test('every table and column comes back exactly, whatever is in it', async () => {
  const { url: from } = await createFreshDatabase();
  await fillEveryTable(from);
  const tables = await ourTables(from);
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: from });
  const done = await cli.run(['backup', 'all.backup', '--json']);
  expect([done.code, done.err]).toEqual([0, '']);
  expect(Object.keys(doneSchema.parse(JSON.parse(done.out)).rows).sort()).toEqual([...tables]);
  const before = await rowsOf(from, tables);

  const { url: to } = await createFreshDatabase('template0');
  const restored = await cli.run(['restore', 'all.backup', '--json'], { env: { DATABASE_URL: to } });
  expect([restored.code, restored.err]).toEqual([0, '']);
  expect(doneSchema.parse(JSON.parse(restored.out)).rows).toEqual(doneSchema.parse(JSON.parse(done.out)).rows);
  // All but the record of this restore.
  expect(await runSql(to, "SELECT count(*)::int AS count FROM audit WHERE action = 'restored'")).toEqual([{ count: 1 }]);
  await runSql(to, "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM audit WHERE action = 'restored'; COMMIT");
  const after = await rowsOf(to, tables);
  for (const table of tables) expect([table, after[table]]).toEqual([table, before[table]]);
  // What is new comes after what was there.
  expect(await runSql(to, "SELECT nextval(pg_get_serial_sequence('delivery', 'seq')) > (SELECT max(seq) FROM delivery) AS later")).toEqual([
    { later: true },
  ]);
  expect(await runSql(to, 'SELECT migration_name FROM _prisma_migrations ORDER BY 1')).toEqual(
    await runSql(from, 'SELECT migration_name FROM _prisma_migrations ORDER BY 1'),
  );
});

test('a backup is a file that only its owner reads, replaces none unasked, and goes to standard output too', async () => {
  const { cli, file } = await filled();
  const done = await cli.run(['backup', 'all.backup']);
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(done.out).toMatch(/^Backup of \S+ \S+ UTC written to all\.backup \(.*\): 1 account, 2 meters, 2 readings and \d alerts?\.\n/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'latin1').split('\n')[0]).toContain('"format":"creditwatch backup","version":1');
  expect(readFileSync(file, 'latin1')).not.toContain('BwcHBwcHBwcH');

  const first = readFileSync(file);
  expect(await cli.run(['backup', 'all.backup'])).toMatchObject({
    code: 2,
    err: 'all.backup already exists. Name another file, or add --force to replace it.\n',
  });
  expect(readFileSync(file).equals(first)).toBe(true);
  expect((await cli.run(['backup', 'all.backup', '--force'])).code).toBe(0);
  symlinkSync(file, join(cli.folder, 'link'));
  expect(await cli.run(['backup', 'link', '--force'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('link is not a regular file'),
  });
  expect(await cli.run(['backup', join('nowhere', 'all.backup')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^The backup was not written to nowhere/),
  });

  const piped = await cli.run(['backup', '-']);
  expect([piped.code, piped.err, piped.out.split('\n')[0]]).toEqual([0, '', expect.stringContaining('creditwatch backup')]);
});

test('what was cut off or altered in any byte is refused before anything is restored', async () => {
  const { cli, file } = await filled();
  await cli.run(['backup', 'all.backup']);
  const whole = readFileSync(file);
  const bad = join(cli.folder, 'bad');
  const refusal = async (bytes: Buffer): Promise<string> => {
    writeFileSync(bad, bytes);
    const opened = await openBackup(bad);
    if (!opened.ok) return opened.error.kind;
    await opened.value.close();
    return 'taken';
  };
  expect(await refusal(whole)).toBe('taken');
  // Every byte of both ends, where the format is, and every seventh between them: a bit of each, and each bit in turn.
  const isTried = (at: number) => at < 300 || at > whole.length - 300 || at % 7 === 0;
  for (const at of Array.from(whole.keys()).filter(isTried)) {
    const altered = Buffer.from(whole);
    altered.writeUInt8(whole.readUInt8(at) ^ (1 << (at % 8)), at);
    expect(await refusal(altered), String(at)).toMatch(/^(cut-off|not-a-backup|damaged|newer-format)$/);
    if (at % 50 === 0 || at > whole.length - 100)
      expect(await refusal(whole.subarray(0, at)), String(at)).toMatch(/^(cut-off|not-a-backup)$/);
  }
  expect(await refusal(Buffer.concat([whole, Buffer.from('x')]))).toBe('cut-off');
  expect(await refusal(Buffer.concat([whole, whole]))).toBe('damaged');

  const { url: to } = await createFreshDatabase();
  writeFileSync(bad, whole.subarray(0, whole.length / 2));
  expect(await cli.run(['restore', 'bad'], { env: { DATABASE_URL: to } })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^bad is cut off: its end mark is missing \(it has \d+ bytes\)\. Nothing was restored\./),
  });
  expect(await runSql(to, 'SELECT id FROM account')).toEqual([]);
});

test('a backup of a newer version names that version, and one that its own version does not know is not taken', async () => {
  const { cli, file, databaseUrl } = await filled();
  await cli.run(['backup', 'all.backup']);
  const [, ...rest] = readFileSync(file, 'latin1').split('\n');
  const header = { format: 'creditwatch backup', version: 2, creditwatch: '3.1.0' };
  writeFileSync(file, [JSON.stringify(header), ...rest].join('\n'), 'latin1');
  const { url: to } = await createFreshDatabase();
  expect(await cli.run(['restore', 'all.backup'], { env: { DATABASE_URL: to } })).toMatchObject({
    code: 1,
    err: expect.stringContaining('was written by a newer version of Creditwatch (3.1.0, format 2'),
  });
  await runSql(
    databaseUrl,
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', now())",
  );
  const refused = await cli.run(['backup', 'later.backup']);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining('newer version of Creditwatch (it has the migration 29990101000000_later)'),
  });
});

test('a backup of an older schema is restored as of that schema and brought up to date', async () => {
  const older = copyOfMigrations((name) => name < '20261124130000');
  const { url: from } = await createFreshDatabase('template0');
  expect((await migrate({ url: from, migrationsDir: older })).ok).toBe(true);
  await runSql(from, "INSERT INTO account (id, time_zone, created_at) VALUES ('default', 'Europe/Berlin', now())");
  await runSql(from, "INSERT INTO source (account_id, id, kind, first_seen_at) VALUES ('default', 'acme', 'push', now())");
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: from });
  const chunks: Uint8Array[] = [];
  for await (const chunk of takeBackup({
    url: from,
    migrationsDir: older,
    actor: { platform: 'terminal', id: 'olga' },
    version: '0.0.1',
    now: () => new Date(),
  }))
    chunks.push(chunk);
  writeFileSync(join(cli.folder, 'old.backup'), Buffer.concat(chunks));

  // A migrated database and one without a table come to the same.
  for (const template of ['creditwatch', 'template0'] as const) {
    const { url: to } = await createFreshDatabase(template);
    const restored = await cli.run(['restore', 'old.backup'], { env: { DATABASE_URL: to } });
    expect([restored.code, restored.err]).toEqual([0, '']);
    expect(restored.out).toContain('The backup is of an older version. Applied since: 20261124130000_requests');
    expect(await runSql(to, 'SELECT id, time_zone, slack_command FROM account')).toEqual([
      { id: 'default', time_zone: 'Europe/Berlin', slack_command: null },
    ]);
    expect((await cli.run(['migrate'], { env: { DATABASE_URL: to } })).out).toBe(`${migratedText([])}\n`);
  }
  // Before an upgrade the database is left as the older version needs it.
  expect((await cli.run(['backup', 'before.backup'])).code).toBe(0);
  expect(await runSql(from, "SELECT 1 FROM information_schema.columns WHERE column_name = 'slack_command'")).toEqual([]);
});

test('what is there is not replaced unasked, and a restore that fails leaves it as it was', async () => {
  const { cli, databaseUrl } = await filled();
  await cli.run(['backup', 'all.backup']);
  await cli.run(['import', '-'], { input: JSON.stringify({ source: 'acme', readings: [readingNow('seats', 1)] }) });
  const meters = () => runSql(databaseUrl, 'SELECT key FROM meter ORDER BY key');
  const three = [{ key: 'leads' }, { key: 'mails' }, { key: 'seats' }];
  const refused = await cli.run(['restore', 'all.backup']);
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringMatching(/^The database is not empty: it holds 1 account, 3 meters, 3 readings and .* add --replace /),
  ]);
  const asked = await cli.run(['restore', 'all.backup', '--replace']);
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('add --yes')]);
  expect(await meters()).toEqual(three);

  await runSql(databaseUrl, "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not now''; END'");
  await runSql(databaseUrl, "CREATE EVENT TRIGGER stops ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION refuse()");
  const failed = await cli.run(['restore', 'all.backup', '--replace', '--yes']);
  expect(failed).toMatchObject({ code: 1, err: 'The restore failed and was rolled back: not now. The database is as it was.\n' });
  expect(await meters()).toEqual(three);
  await runSql(databaseUrl, 'DROP EVENT TRIGGER stops');

  const done = await cli.run(['restore', 'all.backup', '--replace', '--yes']);
  expect([done.code, done.err]).toEqual([0, '']);
  expect(done.out).toMatch(/^Restored 1 account, 2 meters, 2 readings and /);
  expect(await meters()).toEqual(three.slice(0, 2));
});

test('secrets that this installation has no key for are said before anything is restored', async () => {
  const { url: from } = await createFreshDatabase();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: from, env: { INGEST_KEY: '' } });
  await app.stop();
  const cli = commandLine({ dataDir, databaseUrl: from });
  expect((await cli.run(['backup', 'all.backup'])).code).toBe(0);
  const { url: to } = await createFreshDatabase();
  const env = { DATABASE_URL: to, ENCRYPTION_KEY: Buffer.alloc(32, 8).toString('base64') };
  const refused = await cli.run(['restore', 'all.backup'], { env });
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringMatching(/are not encrypted with the key in ENCRYPTION_KEY\. Put the key that the backup was made with there/),
  });
  expect(await runSql(to, 'SELECT id FROM account')).toEqual([]);
  const previous = { ...env, ENCRYPTION_KEY_PREVIOUS: Buffer.alloc(32, 7).toString('base64') };
  expect((await cli.run(['restore', 'all.backup'], { env: previous })).code).toBe(0);
  const lost = await cli.run(['restore', 'all.backup', '--replace', '--yes', '--without-key'], { env });
  expect([lost.code, lost.out]).toEqual([0, expect.stringContaining('npx creditwatch key rotate --now')]);
});
