import { describe, expect, onTestFinished, test } from 'vitest';
import { postgresBackend } from '../../src/queue/postgres-backend.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { troubledLink } from '../support/troubled-link.ts';
import { queueContract } from './contract.ts';

describe('the wake queue on PostgreSQL', () => {
  queueContract(async () => {
    const { url } = await createDatabase();
    return {
      databaseUrl: url,
      redisUrl: null,
      async flush() {
        const tables = await runSql(
          url,
          "SELECT string_agg(format('bullmq.%I', tablename), ', ') AS all FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'",
        );
        await runSql(url, `TRUNCATE ${String(tables[0]?.['all'])}`);
      },
    };
  });
});

test('a query on a dead connection times out, so later wakes do not wait for it, and the next query gets another connection', async () => {
  const link = await troubledLink((await createDatabase()).url, 5432);
  const backend = postgresBackend(link.url, 2_000);
  const queue = backend.queue('drain');
  onTestFinished(async () => {
    await queue.close();
    await backend.close();
  });
  expect(await queue.getJobCounts('active')).toEqual({ active: 0 });
  link.hush();
  await expect(queue.getJobCounts('active')).rejects.toThrow('Query read timeout');
  // The other connections it had are dead, too.
  await expect.poll(() => queue.getJobCounts('active').catch(() => null), { timeout: 15_000 }).toEqual({ active: 0 });
});
