import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbedded } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';

/** Runs work on its own migrated embedded PostgreSQL, as durable as in the service, and removes it. */
export async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(server.error.message);
  try {
    const migrated = await migrate({ url: server.value.url, migrationsDir: resolve('prisma/migrations') });
    if (!migrated.ok) throw new Error(migrated.error.message);
    await work(server.value.url);
  } finally {
    await server.value.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
