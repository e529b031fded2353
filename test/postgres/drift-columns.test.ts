import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { migrate } from '../../src/postgres/migrate.ts';
import { openTestStore, runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const COLUMNS = '20261130204200_drift';
const AT = '2026-11-20T08:00:00.000Z';

test('a database of the last version keeps its sources and polls, of which nothing is known yet', async () => {
  const url = await databaseBefore(COLUMNS);
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'UTC', '${AT}')`);
  await runSql(url, `INSERT INTO source (account_id, id, kind, first_seen_at) VALUES ('a', 'acme', 'http', '${AT}')`);
  await runSql(
    url,
    `INSERT INTO poll (id, account_id, source_id, every_ms, due_at, failures, last_error)
     VALUES ('00000000-0000-4000-8000-000000000001', 'a', 'acme', 900000, '${AT}', 3, '401: the key was refused')`,
  );
  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({
    ok: true,
    value: { applied: expect.arrayContaining([COLUMNS]) },
  });
  expect(await runSql(url, 'SELECT source_id, failures, last_error, answer_memory, drift_causes FROM poll')).toEqual([
    { source_id: 'acme', failures: 3, last_error: '401: the key was refused', answer_memory: null, drift_causes: null },
  ]);
  const store = openTestStore(url, Buffer.alloc(32, 1));
  const [due] = await store.waitingPolls();
  expect(await store.claimPoll(due?.pollId ?? '', 'me', new Date(AT), 45_000)).toMatchObject({ drift: { memory: {}, causes: [] } });
  await store.close();
});
