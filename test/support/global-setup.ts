import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The embedded server of this test run, with the right to make databases; `creditwatch` in it is the template. */
    serverUrl: string;
  }
}

/** One real PostgreSQL for all test files; each makes its own database from a migrated template. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-test-'));
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(server.error.message);
  const { url } = server.value;
  const migrated = await migrate({ url, migrationsDir: new URL('../../prisma/migrations/', import.meta.url) });
  if (!migrated.ok) throw new Error(migrated.error.message);
  // What tests store need not outlive a power cut.
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) await client.query(`ALTER SYSTEM SET ${setting} = off`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  provide('serverUrl', url);
  return async () => {
    await server.value.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
