import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { migrate } from '../../src/postgres/migrate.ts';
import { createFreshDatabase, runSql } from './database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

/** A folder with some of the migrations, as an older version had them. */
export function copyOfMigrations(isKept: (name: string) => boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of readdirSync(MIGRATIONS).filter(isKept)) cpSync(join(MIGRATIONS, name), join(folder, name), { recursive: true });
  return folder;
}

/** A database as it was before a migration. */
export async function databaseBefore(migration: string): Promise<string> {
  const { url } = await createFreshDatabase('template0');
  const migrated = await migrate({ url, migrationsDir: copyOfMigrations((name) => name < migration) });
  if (!migrated.ok) throw new Error(migrated.error.kind);
  return url;
}

const nameRows = z.array(z.object({ name: z.string() }));
const columnRows = z.array(
  z.object({ name: z.string(), type: z.string(), nullable: z.boolean(), isSequence: z.boolean(), refers: z.string().nullable() }),
);

/** Every table of the schema but the record of its migrations. */
export async function ourTables(url: string): Promise<readonly string[]> {
  const rows = nameRows.parse(
    await runSql(
      url,
      "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1",
    ),
  );
  return rows.map(({ name }) => name);
}

/** All rows as text, in one order. */
export async function rowsOf(url: string, tables: readonly string[]): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const rows: Record<string, readonly unknown[]> = {};
  for (const table of tables) rows[table] = await runSql(url, `SELECT one::text AS row FROM "${table}" AS one ORDER BY 1`);
  return rows;
}

/** Values that are hard to write as text, per type; each row of a table takes the next of each column. */
const EDGES: Readonly<Record<string, readonly string[]>> = {
  text: [
    `''`,
    String.raw`E'\\N'`,
    String.raw`E'\\.'`,
    String.raw`E'tab\tline\nreturn\r\\ "quoted" \'x\''`,
    `'<!channel> ünï 漢字 👩‍🚀 ${'x'.repeat(70_000)}'`,
  ],
  bigint: ['9223372036854775807', '-9223372036854775808', '0'],
  integer: ['2147483647', '-2147483648', '0'],
  boolean: ['true', 'false'],
  jsonb: [`'null'`, `'{"a":"\\u00e9\\ud83d\\ude80\\\\n\\t","n":123456789012345678901234567890.5}'`, `'[]'`, `'"text"'`],
  uuid: [`'00000000-0000-0000-0000-000000000000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`],
  'timestamp with time zone': [
    `'4713-01-01 00:00:00.001+00 BC'`,
    `'infinity'`,
    `'-infinity'`,
    `'9999-12-31 23:59:59.999+00'`,
    `'2026-10-25 02:30:00.123+02'`,
  ],
  'text[]': [`'{}'`, String.raw`ARRAY['', 'NULL', E'a,b\\"{}\n', 'ü']`, `ARRAY[NULL, 'x']::text[]`],
  bytea: [String.raw`'\x00ff5c'`, String.raw`'\x'`],
  'double precision': [`'NaN'`, `'1e-300'`, '0.1'],
};

const ROWS = 6;

/** Fills every table there is, whatever its columns are, with a few rows each; a foreign key gets a key of a row that is there. */
export async function fillEveryTable(url: string): Promise<void> {
  for (const table of await inOrder(url)) {
    const columns = columnRows.parse(
      await runSql(
        url,
        `SELECT attname::text AS name, format_type(atttypid, CASE WHEN atttypid = 'timestamptz'::regtype THEN NULL ELSE atttypmod END) AS type, NOT attnotnull AS nullable,
           pg_get_serial_sequence('"${table}"', attname) IS NOT NULL AS "isSequence",
           (SELECT format('SELECT %I AS value FROM %I ORDER BY ctid OFFSET ', other.attname, confrelid::regclass::text) FROM pg_constraint
             JOIN pg_attribute AS other ON other.attrelid = confrelid AND other.attnum = confkey[array_position(conkey, pg_attribute.attnum)]
             WHERE conrelid = pg_attribute.attrelid AND contype = 'f' AND pg_attribute.attnum = ANY(conkey) ORDER BY cardinality(conkey) DESC LIMIT 1) AS refers
         FROM pg_attribute WHERE attrelid = '"${table}"'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
      ),
    );
    for (let row = 0; row < ROWS; row += 1) {
      const values = columns.map((column, place) => valueOf(table, column, row, place));
      await runSql(url, `INSERT INTO "${table}" (${columns.map(({ name }) => `"${name}"`).join(', ')}) VALUES (${values.join(', ')})`);
    }
  }
}

function valueOf(table: string, column: z.infer<typeof columnRows>[number], row: number, place: number): string {
  const { name, type, nullable, isSequence, refers } = column;
  if (isSequence) return String(1_000_000 + row);
  if (refers !== null)
    return nullable && row === 0 ? 'NULL' : `(${refers}${String(refers.includes(` FROM ${table} `) ? row - 1 : row)} LIMIT 1)`;
  if (type === 'uuid' && name === 'id') return `'00000000-0000-4000-8000-00000000000${String(row)}'`;
  const known = SETTLED[`${table}.${name}`];
  if (known !== undefined) return known;
  if (nullable && (row + place) % 4 === 0) return 'NULL';
  const edges = EDGES[type];
  if (edges === undefined) throw new Error(`${table}.${name} has the type ${type}: say what is hard to write of it`);
  const edge = edges[(row + place) % edges.length] ?? '';
  // What may have to be unique differs from row to row.
  if (type === 'text' && !nullable) return `${edge} || '#${String(row)}'`;
  if (type === 'timestamp with time zone' && !nullable && row > 0) return `'2026-11-29 12:00:00.00${String(row)}+00'`;
  return edge;
}

/** What a restore reads, or leaves as it is only when it says this: nothing waits, and nothing is due. */
const SETTLED: Readonly<Record<string, string>> = {
  'delivery.status': `'sent'`,
  'timer.kind': `'purge'`,
  'destination.lease_owner': 'NULL',
  'destination.lease_until': 'NULL',
  'poll.lease_owner': 'NULL',
  'poll.lease_until': 'NULL',
  'secret.ciphertext': `'v1.' || left(encode(sha256(decode(repeat('07', 32), 'hex')), 'hex'), 8) || '.x.y.z'`,
  'slack_installation.ciphertext': 'NULL',
};

/** Each table after those that it refers to. */
async function inOrder(url: string): Promise<readonly string[]> {
  const refs = z
    .array(z.object({ from: z.string(), to: z.string() }))
    .parse(
      await runSql(
        url,
        `SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid`,
      ),
    );
  const ordered: string[] = [];
  let left = await ourTables(url);
  while (left.length > 0) {
    const free = left.filter((table) => refs.every(({ from, to }) => from !== table || !left.includes(to)));
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}
