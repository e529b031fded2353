import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded, type EmbeddedServer } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The embedded server of this test run, with the right to make databases; `creditwatch` in it is the template. */
    serverUrl: string;
  }
}

/** Where a project of this run leaves the URL for the others: each loads this file anew. */
const SHARED = 'CREDITWATCH_TEST_SERVER_URL';

/** What tests store need not outlive a power cut, and they keep more connections open than a service. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' };

/** One real PostgreSQL for all test files; each makes its own databases from a migrated template. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const shared = process.env[SHARED];
  if (shared !== undefined) {
    provide('serverUrl', shared);
    return async () => {};
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-test-'));
  const first = await start(dataDir);
  const client = new Client({ connectionString: first.url });
  await client.connect();
  for (const [name, value] of Object.entries(SETTINGS)) await client.query(`ALTER SYSTEM SET ${name} = ${value}`);
  await client.end();
  await first.stop();
  const server = await start(dataDir);
  const migrated = await migrate({ url: server.url, migrationsDir: new URL('../../prisma/migrations/', import.meta.url) });
  if (!migrated.ok) throw new Error(migrated.error.message);
  provide('serverUrl', server.url);
  process.env[SHARED] = server.url;
  return async () => {
    delete process.env[SHARED];
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(server.error.message);
  return server.value;
}
