import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openBackup, type OpenBackup } from '../../src/postgres/backup/open.ts';
import { openTarget } from '../../src/postgres/backup/restore.ts';
import { takeBackup } from '../../src/postgres/backup/take.ts';
import { MIGRATIONS } from '../../src/postgres/migrate.ts';
import { createDatabase, createFreshDatabase, runSql } from '../support/database.ts';

const ACTOR = { platform: 'terminal', id: 'olga' };

/** The text of a backup's three parts. */
type Parts = { readonly header: string; readonly rows: string; readonly end: string };

/** A backup of one source with two meters. */
async function takenParts(): Promise<Parts> {
  const { url } = await createDatabase();
  await runSql(url, "INSERT INTO account (id, time_zone, created_at) VALUES ('default', 'UTC', now())");
  await runSql(url, "INSERT INTO source (account_id, id, kind, first_seen_at) VALUES ('default', 'acme', 'push', now())");
  for (const key of ['leads', 'mails'])
    await runSql(
      url,
      `INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, created_at) VALUES (gen_random_uuid(), 'default', 'acme', '${key}', '${key}', 'credits', 0, now())`,
    );
  const chunks: Buffer[] = [];
  const taken = takeBackup({ url, migrationsDir: MIGRATIONS, actor: ACTOR, version: '0.1.0', now: () => new Date() });
  for await (const chunk of taken) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const [headerEnd, endAt] = [whole.indexOf('\n') + 1, whole.lastIndexOf('\n', -2) + 1];
  return {
    header: whole.subarray(0, headerEnd).toString(),
    rows: gunzipSync(whole.subarray(headerEnd, endAt - 1)).toString(),
    end: whole
      .subarray(endAt)
      .toString()
      .replace(/,"sha256.*/s, ''),
  };
}

/** Opens a backup of these parts, whose checksum is right. */
async function opened({
  header,
  rows,
  end,
}: {
  readonly header: string;
  readonly rows: string | Buffer;
  readonly end: string;
}): Promise<OpenBackup> {
  const content = Buffer.concat([Buffer.from(header), gzipSync(rows, { level: 1 }), Buffer.from(`\n${end}`)]);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'bad'), Buffer.concat([content, Buffer.from(`,"sha256":"${sha256}"}\n`)]));
  const backup = await openBackup(join(folder, 'bad'));
  if (!backup.ok) throw new Error(backup.error.kind);
  onTestFinished(() => backup.value.close());
  return backup.value;
}

test('what is wrong with the contents of a backup is named by table, row and column, and nothing is restored', async () => {
  const parts = await takenParts();
  const { url: to } = await createFreshDatabase();
  await runSql(to, "INSERT INTO account (id, time_zone, created_at) VALUES ('kept', 'UTC', now())");
  const failure = async (change: Partial<Parts>): Promise<unknown> => {
    const target = await openTarget(to, MIGRATIONS);
    if (!target.ok) throw new Error(target.error);
    try {
      const loaded = await target.value.load(await opened({ ...parts, ...change }), { actor: ACTOR, now: new Date() });
      return loaded.ok ? null : loaded.error;
    } finally {
      await target.value.close();
    }
  };
  const rows = (from: string | RegExp, into: string) => {
    const changed = parts.rows.replace(from, into);
    expect(changed).not.toBe(parts.rows);
    return { rows: changed };
  };
  const header = (from: string, into: string) => ({ header: parts.header.replace(from, into) });
  const METERS = /\{"name":"meter".*?\n\\\.\n/s;

  const cases: readonly (readonly [Partial<Parts>, object])[] = [
    [header('"name":"meter"', '"name":"gauge"'), { kind: 'unknown-table', table: 'gauge' }],
    [header('"unit","', '"unity","'), { kind: 'unknown-column', table: 'meter', column: 'unity' }],
    [rows(METERS, ''), { kind: 'rows-missing', table: 'meter' }],
    [rows(/\{"name":"meter"/, '{"table":"meter"'), { kind: 'unreadable-title' }],
    [rows(/$/, '{"name":"more","columns":["x"]}\n\\.\n'), { kind: 'more-tables' }],
    [rows(/(\{"name":"meter"[^\n]*\n[^\n]*\n)[^]*/, '$1'), { kind: 'incomplete', table: 'meter' }],
    [rows(/(\{"name":"meter"[^\n]*\n[^\n]*\n)[^]*/, '$1cut off'), { kind: 'incomplete', table: 'meter' }],
    [rows(/(\{"name":"audit"[^\n]*\n)[^\n]*\n/, '$1'), { kind: 'wrong-count', table: 'audit', found: 0, expected: 1 }],
    [
      rows(/(\{"name":"meter"[^\n]*\n)[^\n]*\n/, '$1'),
      { kind: 'row-rejected', table: 'meter_name', line: null, column: null, said: expect.stringContaining('foreign key') },
    ],
    [
      rows(/(\{"name":"meter"[^\n]*\n[^\n]*\n)[^\t]*/, '$1no-uuid'),
      { kind: 'row-rejected', table: 'meter', line: 2, column: 'id', said: expect.stringContaining('uuid') },
    ],
    [
      rows(/(\{"name":"meter"[^\n]*\n)([^\n]*\n)[^\n]*\n/, '$1$2$2'),
      { kind: 'row-rejected', table: 'meter', line: 2, column: null, said: expect.stringContaining('meter_pkey') },
    ],
  ];
  for (const [change, fault] of cases) expect(await failure(change)).toEqual({ kind: 'backup', fault });
  expect(await runSql(to, 'SELECT id FROM account')).toEqual([{ id: 'kept' }]);
  expect(await failure({})).toBeNull();
});

test('a row that would fill the memory is a fault, not read to its end', async () => {
  const parts = await takenParts();
  const [title] = parts.rows.split('\n');
  const long = await opened({ ...parts, rows: Buffer.concat([Buffer.from(`${title ?? ''}\n`), Buffer.alloc(65 * 2 ** 20, 'x')]) });
  const all = async () => {
    for await (const _part of long.parts());
  };
  await expect(all()).rejects.toMatchObject({ fault: { kind: 'row-too-long', table: expect.any(String), mostMebibytes: 64 } });
});
