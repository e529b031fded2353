import { describe } from 'vitest';
import { createDatabase, runSql } from '../support/database.ts';
import { queueContract } from './contract.ts';

describe('the wake queue on PostgreSQL', () => {
  queueContract(async () => {
    const { url } = await createDatabase();
    return {
      databaseUrl: url,
      redisUrl: null,
      async flush() {
        const tables = await runSql(url, "SELECT string_agg(format('bullmq.%I', tablename), ', ') AS all FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'");
        await runSql(url, `TRUNCATE ${String(tables[0]?.['all'])}`);
      },
    };
  });
});
