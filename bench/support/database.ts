import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { embeddedFailureText } from '../../src/messages/failures/embedded-database.ts';
import { readPostmaster } from '../../src/postgres/embedded/postmaster.ts';
import { startEmbedded } from '../../src/postgres/embedded/server.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { migrationFailureText } from '../../src/messages/failures/migration.ts';

/**
 * Runs work on its own migrated embedded PostgreSQL, as durable as in the service, and removes it. The work also gets the process ID
 * of the server.
 */
export async function withDatabase<T>(work: (url: string, pid: number) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-bench-'));
  const server = await startEmbedded({ dataDir });
  if (!server.ok) throw new Error(embeddedFailureText(server.error));
  try {
    const migrated = await migrate({ url: server.value.url, migrationsDir: resolve('prisma/migrations') });
    if (!migrated.ok) throw new Error(migrationFailureText(migrated.error));
    const postmaster = readPostmaster(join(dataDir, 'postgres'));
    if (postmaster === null || postmaster === 'unclear') throw new Error('the PostgreSQL of the benchmark has ended');
    return await work(server.value.url, postmaster.pid);
  } finally {
    await server.value.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
