import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import { openDatabase, type Database } from '../../src/postgres/store/sql/database.ts';
import type { Queries } from '../../src/postgres/store/sql/queries.ts';
import { openStore } from '../../src/postgres/store/store.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

/** The database, which keeps the beginning of each statement in a transaction, and whether the transaction is for many rows. */
function counting(database: Database, statements: string[], bulk: boolean[] = []): Database {
  const listed = (text: TemplateStringsArray) => void statements.push(text.join(' ').trim().replace(/\s+/g, ' ').slice(0, 60));
  return {
    ...database,
    transaction: (work, options) => {
      bulk.push(options?.isBulk ?? false);
      return database.transaction(
        (queries) =>
          work({
            rows: (text, ...values) => (listed(text), queries.rows(text, ...values)),
            run: (text, ...values) => (listed(text), queries.run(text, ...values)),
          } satisfies Queries),
        options,
      );
    },
  };
}

test('an ingest takes the same statements for 2,000 alerts as for two, at most 15 of them', async () => {
  const { url } = await createDatabase();
  await runSql(url, "INSERT INTO account (id, created_at) VALUES ('default', now())");
  await runSql(
    url,
    "INSERT INTO destination (id, account_id, kind, address, fallback) VALUES (gen_random_uuid(), 'default', 'slack', 'C0ALL', true)",
  );
  const statements: string[] = [];
  const bulk: boolean[] = [];
  const store = openStore(url, Buffer.alloc(32), counting(openDatabase(url, { connections: 2 }), statements, bulk));
  onTestFinished(() => store.close());
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
  const push = async (count: number, used: number, minute: number): Promise<readonly string[]> => {
    statements.length = 0;
    const arrivedAt = new Date(Date.UTC(2026, 10, 30, 9, minute));
    const readings = Array.from({ length: count }, (_, nth) => ({ meter: `meter_${String(nth)}`, used, total: 1000 }));
    const report = await ingest({ account: 'default', source: `of ${String(count)}`, via: 'push', eventId: null, arrivedAt, readings });
    expect(report).toEqual({ accepted: count, duplicates: 0, rejected: [] });
    return [...statements];
  };
  await push(2, 1, 0);
  await push(2_000, 1, 0);
  const few = await push(2, 850, 1);
  const many = await push(2_000, 850, 1);
  // Readings are written in parts of 500 and then 10,000.
  const isPart = (statement: string) => statement.startsWith('INSERT INTO reading');
  expect(many.filter((one) => !isPart(one))).toEqual(few.filter((one) => !isPart(one)));
  expect(few.length).toBeLessThanOrEqual(15);
  expect(bulk).toEqual([false, true, false, true]);
  expect(await runSql(url, 'SELECT count(*)::int AS deliveries FROM delivery')).toEqual([{ deliveries: 2_002 }]);
});
