import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import type { RestoreFailure } from '../../core/backup-failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Person } from '../../core/text/person.ts';
import { explainDatabase } from '../failure.ts';
import { MIGRATIONS_LOCK, MIGRATIONS_TABLE, readMigrations, runMigration, type MigrationFile } from '../migrate.ts';
import { takeAlone } from '../presence.ts';
import { prepareRestored, type Held } from './after-restore.ts';
import { BadBackup } from './fault.ts';
import { copied, quoted, type BackupHeader, type TableTitle } from './format.ts';
import type { BackupPart, OpenBackup } from './open.ts';
import { recordAudit } from '../record-audit.ts';
import { openSession } from './session.ts';
import { madeBy, readTables } from './tables.ts';

/** Rows per table; empty tables are left out. */
type Contents = Readonly<Record<string, number>>;

type Restored = Held & {
  readonly rows: Contents;
  /** Migrations that were applied to the restored data. */
  readonly migrated: readonly string[];
};

/** A database that is locked for a restore: no service can start with it meanwhile. */
export type RestoreTarget = {
  /** The data that a restore would replace; null if there is none. */
  readonly contents: Contents | null;
  /** Replaces all data, or changes nothing. */
  load(backup: OpenBackup, by: { readonly actor: Person; readonly now: Date }): Promise<Result<Restored, RestoreFailure>>;
  close(): Promise<void>;
};

/**
 * Locks a database for a restore.
 *
 * @param url without a pooler that shares sessions
 * @returns the target, to be closed by the caller; or `in-use` if a service uses the database
 * @throws the database's error
 */
export async function openTarget(url: string, migrationsDir: string | URL): Promise<Result<RestoreTarget, 'in-use'>> {
  const client = await openSession(url);
  const files = readMigrations(migrationsDir);
  try {
    if (!(await takeAlone(client))) {
      await client.end();
      return err('in-use');
    }
    // A service that began to start earlier waits here, at its migrations.
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATIONS_LOCK]);
    const contents = await countRows(client, await readTables(client, madeBy(files)));
    return ok({
      contents: Object.keys(contents).length === 0 ? null : contents,
      load: (backup, by) => load(client, files, backup, by),
      close: () => client.end(),
    });
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Returns a migration of the backup that this version does not have, with the version that wrote the backup; null if it has all. */
export function newerThan(
  header: BackupHeader,
  migrationsDir: string | URL,
): { readonly creditwatch: string; readonly migration: string } | null {
  const names = new Set(readMigrations(migrationsDir).map(({ name }) => name));
  const unknown = header.migrations.find((name) => !names.has(name));
  return unknown === undefined ? null : { creditwatch: header.creditwatch, migration: unknown };
}

/** Restores in one transaction: a failure leaves the database unchanged. */
async function load(
  client: Client,
  files: readonly MigrationFile[],
  backup: OpenBackup,
  { actor, now }: { readonly actor: Person; readonly now: Date },
): Promise<Result<Restored, RestoreFailure>> {
  const { header, rows } = backup;
  try {
    await client.query('BEGIN');
    await makeTables(client, files, header);
    await fillTables(client, header, backup.parts());
    const loaded = await countRows(client, header.tables);
    for (const [table, expected] of Object.entries(rows)) {
      const found = loaded[table] ?? 0;
      if (found !== expected) throw new BadBackup({ kind: 'wrong-count', table, found, expected });
    }
    const migrated = files.filter(({ name }) => !header.migrations.includes(name));
    for (const file of migrated) await runMigration(client, file);
    const tables = await readTables(client, madeBy(files));
    await setSequences(client, tables);
    const held = await prepareRestored(client, { takenAt: header.takenAt, now });
    await recordAudit(client, { action: 'restored', actor }, now);
    await client.query('COMMIT');
    // The query planner has no statistics for tables that were just filled.
    for (const { name } of tables) await client.query(`ANALYZE ${quoted(name)}`);
    return ok({ rows: loaded, migrated: migrated.map(({ name }) => name), ...held });
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (error instanceof BadBackup) return err({ kind: 'backup', fault: error.fault });
    return err({ kind: 'database', problem: explainDatabase(error), said: error instanceof Error ? error.message : String(error) });
  }
}

/** Replaces the existing tables with the tables of the backup's version. */
async function makeTables(client: Client, files: readonly MigrationFile[], header: BackupHeader): Promise<void> {
  for (const { kind, name } of madeBy(files).toReversed()) await client.query(`DROP ${kind} IF EXISTS ${quoted(name)} CASCADE`);
  await client.query(MIGRATIONS_TABLE);
  await client.query('DELETE FROM _prisma_migrations');
  for (const file of files.filter(({ name }) => header.migrations.includes(name))) await runMigration(client, file);
  const made = new Map((await readTables(client, madeBy(files))).map(({ name, columns }) => [name, new Set(columns)]));
  for (const { name, columns } of header.tables) {
    const known = made.get(name);
    if (known === undefined) throw new BadBackup({ kind: 'unknown-table', table: name });
    const column = columns.find((one) => !known.has(one));
    if (column !== undefined) throw new BadBackup({ kind: 'unknown-column', table: name, column });
  }
}

async function fillTables(client: Client, header: BackupHeader, parts: AsyncGenerator<BackupPart, void>): Promise<void> {
  for (const table of header.tables) {
    const { value: title } = await parts.next();
    if (title?.part !== 'title' || title.table !== table.name) throw new BadBackup({ kind: 'rows-missing', table: table.name });
    // Rows that a trigger would write are in the backup, too.
    await client.query(`ALTER TABLE ${quoted(table.name)} DISABLE TRIGGER USER`);
    const copy = client.query(copyFrom(`COPY ${copied(table)} FROM STDIN`));
    await pipeline(Readable.from(rowsOf(parts, table.name), { objectMode: false }), copy).catch((error: unknown) => {
      throw rejectedRow(error, table.name);
    });
    await client.query(`ALTER TABLE ${quoted(table.name)} ENABLE TRIGGER USER`);
  }
  if (!(await parts.next()).done) throw new BadBackup({ kind: 'more-tables' });
}

/** Yields the rows of one table. Calls `next` itself, because `for await` would close the generator and lose the other tables. */
async function* rowsOf(parts: AsyncGenerator<BackupPart, void>, table: string): AsyncGenerator<Buffer> {
  for (;;) {
    const { value: next } = await parts.next();
    if (next?.part !== 'rows') {
      if (next?.part === 'end') return;
      throw new BadBackup({ kind: 'incomplete', table });
    }
    yield next.lines;
  }
}

/** An error of the server that a row causes: PostgreSQL's classes for data and for constraints. */
const rowErrorSchema = z.object({ code: z.string().regex(/^2[23]/), message: z.string(), where: z.string().optional().catch(undefined) });
/** `COPY reading, line 3, column used: "x"`. PostgreSQL may translate it; then the position is unknown. */
const IN_COPY = /^COPY .*, line (\d+)(?:, column (\w+))?/m;

/** Returns the fault of a row that the database rejects; any other error as it is. */
function rejectedRow(error: unknown, table: string): unknown {
  const parsed = rowErrorSchema.safeParse(error);
  if (!parsed.success) return error;
  const [, line, column] = IN_COPY.exec(parsed.data.where ?? '') ?? [];
  const place = { table, line: line === undefined ? null : Number(line), column: column ?? null };
  return new BadBackup({ kind: 'row-rejected', ...place, said: parsed.data.message }, error);
}

const countRowsSchema = z.array(z.object({ count: z.coerce.number() })).length(1);

async function countRows(client: Client, tables: readonly TableTitle[]): Promise<Contents> {
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT count(*) AS count FROM ${quoted(name)}`);
    const count = countRowsSchema.parse(rows)[0]?.count ?? 0;
    if (count > 0) counts[name] = count;
  }
  return counts;
}

const sequenceRows = z.array(z.object({ column: z.string(), sequence: z.string() }));

/** Sets each sequence to continue after the highest stored number. */
async function setSequences(client: Client, tables: readonly TableTitle[]): Promise<void> {
  for (const { name, columns } of tables) {
    const { rows } = await client.query(
      `SELECT name AS column, sequence FROM unnest($2::text[]) AS name, pg_get_serial_sequence($1, name) AS sequence WHERE sequence IS NOT NULL`,
      [quoted(name), columns],
    );
    for (const { column, sequence } of sequenceRows.parse(rows))
      await client.query(
        `SELECT setval($1, greatest(max(${quoted(column)}), 1), max(${quoted(column)}) IS NOT NULL) FROM ${quoted(name)}`,
        [sequence],
      );
  }
}
