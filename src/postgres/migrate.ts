import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { z } from 'zod';
import type { DatabaseProblem } from '../core/database-problem.ts';
import { explainDatabase } from './failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { connectionOptions } from '../outbound/database-connection.ts';
import type { Actor } from '../core/audit/audit.ts';
import { recordAudit } from './record-audit.ts';

/** Why a migration was not applied: data, which `src/messages/failures/migration.ts` words. `said`: the message of the database. */
export type MigrationFailure =
  | { readonly kind: 'changed' | 'failed' | 'unknown-newer'; readonly migration: string }
  | { readonly kind: 'sql-error'; readonly migration: string; readonly problem: DatabaseProblem | null; readonly said: string };
/** Who runs the migration, for the audit record. */
export type MigratedBy = { readonly actor: Actor; readonly now: Date };
export type MigrationReport = { readonly applied: readonly string[]; readonly alreadyApplied: number };

/** The migrations of this version. */
export const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);

/** The lock of `prisma migrate deploy`, so that both exclude each other (prisma-engines, sql-schema-connector). */
export const MIGRATIONS_LOCK = 72_707_369;

/** As `prisma migrate` creates it. */
export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

const historyRows = z.array(
  z.object({ migration_name: z.string(), checksum: z.string(), finished_at: z.date().nullable(), rolled_back_at: z.date().nullable() }),
);

/**
 * Applies new migrations in the order of their names, each in its own transaction. Keeps the same records as `prisma migrate
 * deploy`, which may be run instead. If several processes run it at once, one works and the others wait.
 *
 * @param how.by without it, no audit row is written
 */
export async function migrate({
  url,
  migrationsDir,
  by,
}: {
  url: string;
  migrationsDir: string | URL;
  by?: MigratedBy;
}): Promise<Result<MigrationReport, MigrationFailure>> {
  const files = readMigrations(migrationsDir);
  const client = new Client({ ...connectionOptions(url), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATIONS_LOCK]);
    await client.query(MIGRATIONS_TABLE);
    const { rows } = await client.query(
      'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at',
    );
    const history = historyRows.parse(rows).filter((row) => row.rolled_back_at === null);
    const problem = checkHistory(history, files);
    if (problem) return err(problem);
    const known = new Set(history.map((row) => row.migration_name));
    const applied: string[] = [];
    const record = async (): Promise<void> => {
      if (by && applied.length > 0)
        await recordAudit(client, { action: 'migrate', actor: by.actor, about: { count: applied.length } }, by.now);
    };
    const waiting = files.filter(({ name }) => !known.has(name));
    for (const file of waiting) {
      applied.push(file.name);
      const failure = await apply(client, file, applied.length === waiting.length ? record : null);
      if (failure === null) continue;
      applied.pop();
      await record();
      return err(failure);
    }
    return ok({ applied, alreadyApplied: known.size });
  } finally {
    // Closing the connection releases the lock.
    await client.end();
  }
}

export type MigrationFile = {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** The checksums of the same text with either kind of line ending: git changes them on a checkout, and Prisma accepts both. */
  readonly sameText: readonly string[];
};

/** Reads the migrations of this version, in the order in which they are applied. */
export function readMigrations(migrationsDir: string | URL): readonly MigrationFile[] {
  const dir = typeof migrationsDir === 'string' ? migrationsDir : fileURLToPath(migrationsDir);
  const names = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return names.sort().map((name) => {
    const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8');
    const unixText = sql.replaceAll('\r\n', '\n');
    return { name, sql, checksum: sha256(sql), sameText: [unixText, unixText.replaceAll('\n', '\r\n')].map(sha256) };
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checkHistory(history: z.infer<typeof historyRows>, files: readonly MigrationFile[]): MigrationFailure | null {
  for (const { migration_name: migration, checksum, finished_at: finishedAt } of history) {
    const file = files.find(({ name }) => name === migration);
    if (finishedAt === null) return { kind: 'failed', migration };
    if (!file) return { kind: 'unknown-newer', migration };
    if (file.checksum !== checksum && !file.sameText.includes(checksum)) return { kind: 'changed', migration };
  }
  return null;
}

const MAKES_PUBLIC = /^CREATE SCHEMA IF NOT EXISTS "public";$/m;

/**
 * The first migration creates the schema "public", as Prisma writes it. That is not needed if our tables go to another schema. If
 * "public" exists, even `IF NOT EXISTS` requires the CREATE privilege on the database.
 */
async function withoutNeedlessSchema(client: Client, sql: string): Promise<string> {
  if (!MAKES_PUBLIC.test(sql)) return sql;
  const { rows } = await client.query(
    "SELECT 1 WHERE current_schema() IS NOT NULL AND (current_schema() <> 'public' OR EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public'))",
  );
  return rows.length > 0 ? sql.replace(MAKES_PUBLIC, '') : sql;
}

/**
 * Runs and records one migration, in the caller's transaction.
 *
 * @throws the database's error
 */
export async function runMigration(client: Client, { name, sql, checksum }: MigrationFile): Promise<void> {
  await client.query(await withoutNeedlessSchema(client, sql));
  await client.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), clock_timestamp(), 1)',
    [randomUUID(), checksum, name],
  );
}

/** @param also runs in the same transaction */
async function apply(client: Client, file: MigrationFile, also: (() => Promise<void>) | null): Promise<MigrationFailure | null> {
  const { name } = file;
  try {
    await client.query('BEGIN');
    await runMigration(client, file);
    await also?.();
    await client.query('COMMIT');
    return null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'sql-error', migration: name, problem: explainDatabase(error), said };
  }
}
