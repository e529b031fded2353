import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { embeddedFailureText } from '../../src/messages/failures/embedded-database.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { migrationFailureText } from '../../src/messages/failures/migration.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The embedded server of this test run, with the right to make databases; `creditwatch` in it is the template. */
    serverUrl: string;
    /** A data folder with a cluster at rest, to be copied by whoever is not about making one. */
    clusterModel: string;
  }
}

/** Where a project of this run leaves for the others what it provides: each loads this file anew. */
const SHARED = { serverUrl: 'CREDITWATCH_TEST_SERVER_URL', clusterModel: 'CREDITWATCH_TEST_CLUSTER_MODEL' } as const;

/** What tests store need not outlive a power cut, and they keep more connections open than a service. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' };

/** One real PostgreSQL for all test files; each makes its own databases from a migrated template. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [sharedUrl, sharedModel] = [process.env[SHARED.serverUrl], process.env[SHARED.clusterModel]];
  if (sharedUrl !== undefined && sharedModel !== undefined) {
    provide('serverUrl', sharedUrl);
    provide('clusterModel', sharedModel);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-test-'));
  const [dataDir, clusterModel] = [join(folder, 'data'), join(folder, 'model')];
  await (await start(dataDir)).stop();
  cpSync(dataDir, clusterModel, { recursive: true });
  // As ALTER SYSTEM writes them: the server needs no start only to be told.
  const settings = Object.entries(SETTINGS).map(([name, value]) => `${name} = ${value}\n`);
  appendFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), settings.join(''));
  const server = await start(dataDir);
  const migrated = await migrate({ url: server.url, migrationsDir: new URL('../../prisma/migrations/', import.meta.url) });
  if (!migrated.ok) throw new Error(migrationFailureText(migrated.error));
  provide('serverUrl', server.url);
  provide('clusterModel', clusterModel);
  process.env[SHARED.serverUrl] = server.url;
  process.env[SHARED.clusterModel] = clusterModel;
  return async () => {
    for (const name of Object.values(SHARED)) delete process.env[name];
    // Whoever is connected keeps it up, and workers that have not ended yet are.
    const last = new Client({ connectionString: server.url });
    await last.connect();
    await last.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    await last.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(embeddedFailureText(server.error));
  return server.value;
}
