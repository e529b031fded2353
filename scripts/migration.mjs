/**
 * Writes the next migration after a change of prisma/schema.prisma: `npm run migration -- add_owner_to_route`.
 *
 * It starts an embedded PostgreSQL in a temporary folder, applies the existing migrations, and asks Prisma's schema engine for the
 * SQL that leads to the schema. Read that SQL before you commit it: the engine drops and creates a renamed column, and a new column
 * that may not be null needs a value for existing rows. Never change a released migration: the service refuses a database whose
 * applied files have changed.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { embeddedFailureText } from '../dist/messages/failures/embedded-database.js';
import { migrationFailureText } from '../dist/messages/failures/migration.js';
import { startEmbedded } from '../dist/postgres/embedded/server.js';
import { migrate } from '../dist/postgres/migrate.js';
import { diff, SCHEMA } from './schema-engine.mjs';

/**
 * @param folder with schema.prisma and migrations/
 * @returns the error; null if the file was written
 */
async function writeMigration(name, folder) {
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(name))
    return 'Usage: npm run migration -- <name>, of small letters, digits and underscores: add_owner_to_route';
  const migrationsDir = join(folder, 'migrations');
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-migration-'));
  try {
    const server = await startEmbedded({ dataDir });
    if (!server.ok) return embeddedFailureText(server.error);
    try {
      const migrated = await migrate({ url: server.value.url, migrationsDir });
      if (!migrated.ok) return migrationFailureText(migrated.error);
      const sql = await diff(server.value.url, readFileSync(join(folder, 'schema.prisma'), 'utf8'));
      if (sql === '') return 'The migrations lead to what prisma/schema.prisma says already: nothing to write.';
      const file = join(migrationsDir, `${nextStamp(migrationsDir)}_${name}`, 'migration.sql');
      mkdirSync(dirname(file));
      writeFileSync(file, sql);
      console.log(`Wrote ${relative(process.cwd(), file)}:\n\n${sql}`);
      return null;
    } finally {
      await server.value.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The time in Prisma's format, always later than the last migration, because names define the order. */
function nextStamp(migrationsDir) {
  const now = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const last =
    readdirSync(migrationsDir)
      .map((name) => /^\d{14}(?=_)/.exec(name)?.[0] ?? '')
      .sort()
      .at(-1) ?? '';
  return now > last ? now : String(Number(last) + 1);
}

// The second argument replaces prisma/ in tests.
const [name = '', folder = dirname(SCHEMA)] = process.argv.slice(2);
const problem = await writeMigration(name, folder);
if (problem !== null) {
  console.error(problem);
  process.exitCode = 1;
}
