import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import type { TakeBackupFailure } from '../../core/backup-failure.ts';
import type { Person } from '../../core/text/person.ts';
import { readMigrations } from '../migrate.ts';
import { beginningOfEnd, checksumText, copied, END_OF_ROWS, FORMAT, FORMAT_VERSION, quoted, type TableTitle } from './format.ts';
import { recordAudit } from '../record-audit.ts';
import { openSession } from './session.ts';
import { madeBy, readTables } from './tables.ts';

/** Thrown if there is nothing to back up, or nothing that this version knows completely. */
export class NothingToBackUp extends Error {
  readonly missing: TakeBackupFailure;

  constructor(missing: TakeBackupFailure) {
    super(`nothing to back up: ${missing.kind}`);
    this.missing = missing;
  }
}

const NEWLINE = '\n'.charCodeAt(0);

/**
 * Writes all tables as of one moment, while the service goes on. Yields the bytes of the file. Memory use does not grow with the
 * number of rows.
 *
 * @param from.actor who takes the backup, for the audit record
 * @param from.version the version of Creditwatch, stored in the header
 * @throws NothingToBackUp, or the database's error
 */
export async function* takeBackup(from: {
  readonly url: string;
  readonly migrationsDir: string | URL;
  readonly actor: Person;
  readonly version: string;
  readonly now: () => Date;
}): AsyncGenerator<Buffer, void> {
  const client = await openSession(from.url);
  try {
    const takenAt = from.now();
    await recordAudit(client, { action: 'backup', actor: from.actor }, takenAt);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const files = readMigrations(from.migrationsDir);
    const migrations = await readHistory(client);
    const unknown = migrations.find((name) => files.every((file) => file.name !== name));
    if (unknown !== undefined) throw new NothingToBackUp({ kind: 'newer', migration: unknown });
    const tables = await readTables(client, madeBy(files));
    const hash = createHash('sha256');
    const hashed = (bytes: Buffer): Buffer => (hash.update(bytes), bytes);
    yield hashed(
      lineOf({
        format: FORMAT,
        version: FORMAT_VERSION,
        creditwatch: from.version,
        takenAt: takenAt.toISOString(),
        migrations,
        encryptionKeys: await readEncryptionKeys(client, tables),
        tables,
      }),
    );
    const rows: Record<string, number> = {};
    const compressed = createGzip();
    const feeding = pipeline(Readable.from(tableTexts(client, tables, rows), { objectMode: false }), compressed);
    // The loop below throws the error; without this it would also be an unhandled rejection.
    feeding.catch(() => {});
    for await (const chunk of compressed) yield hashed(chunk);
    await feeding;
    yield hashed(Buffer.from(`\n${beginningOfEnd({ rows })}`));
    yield Buffer.from(checksumText(hash.digest('hex')));
  } finally {
    await client.end().catch(() => {});
  }
}

/** @param rows is filled with the number of rows per table */
async function* tableTexts(client: Client, tables: readonly TableTitle[], rows: Record<string, number>): AsyncGenerator<Buffer> {
  for (const table of tables) {
    yield lineOf(table);
    let count = 0;
    for await (const chunk of client.query(copyTo(`COPY ${copied(table)} TO STDOUT`))) {
      const bytes = chunkSchema.parse(chunk);
      count += newlinesIn(bytes);
      yield bytes;
    }
    rows[table.name] = count;
    yield Buffer.from(`${END_OF_ROWS}\n`);
  }
}

const chunkSchema = z.instanceof(Buffer);

/** Counts rows: COPY writes one row per line and escapes line breaks in values. */
function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

const historyRows = z.array(z.object({ migration_name: z.string(), finished: z.boolean() }));

async function readHistory(client: Client): Promise<readonly string[]> {
  const { rows: made } = await client.query("SELECT 1 WHERE to_regclass('_prisma_migrations') IS NOT NULL");
  if (made.length === 0) throw new NothingToBackUp({ kind: 'empty' });
  const { rows } = await client.query(
    'SELECT migration_name, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name',
  );
  const history = historyRows.parse(rows);
  const half = history.find(({ finished }) => !finished);
  if (half !== undefined) throw new NothingToBackUp({ kind: 'half-migrated', migration: half.migration_name });
  if (history.length === 0) throw new NothingToBackUp({ kind: 'empty' });
  return history.map((row) => row.migration_name);
}

const keyRows = z.array(z.object({ key: z.string() }));

/** The second part of an encrypted value identifies its key. */
async function readEncryptionKeys(client: Client, tables: readonly TableTitle[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { name } of tables.filter(({ columns }) => columns.includes('ciphertext'))) {
    const { rows } = await client.query(
      `SELECT DISTINCT split_part(ciphertext, '.', 2) AS key FROM ${quoted(name)} WHERE ciphertext IS NOT NULL`,
    );
    for (const { key } of keyRows.parse(rows)) found.add(key);
  }
  return [...found].sort();
}
