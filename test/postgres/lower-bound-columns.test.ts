import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { migrate } from '../../src/postgres/migrate.ts';
import { openTestStore, runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const COLUMNS = '20261130230853_mail_notices';
const AT = '2026-11-20T08:00:00.000Z';
const METER = '00000000-0000-4000-8000-000000000001';

test('a database of the last version keeps its figures, and all of them are measured', async () => {
  const url = await databaseBefore(COLUMNS);
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'UTC', '${AT}')`);
  await runSql(url, `INSERT INTO source (account_id, id, kind, first_seen_at) VALUES ('a', 'acme', 'push', '${AT}')`);
  await runSql(
    url,
    `INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, created_at, used, total, observed_at, period_began_at)
     VALUES ('${METER}', 'a', 'acme', 'credits', 'Credits', 'credits', 0, '{}', '${AT}', 812, 5000, '${AT}', '${AT}')`,
  );
  await runSql(
    url,
    `INSERT INTO reading (meter_id, observed_at, used, total, received_at) VALUES ('${METER}', '${AT}', 812, 5000, '${AT}')`,
  );
  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({
    ok: true,
    value: { applied: expect.arrayContaining([COLUMNS]) },
  });
  expect(await runSql(url, 'SELECT used::int, is_at_least FROM reading')).toEqual([{ used: 812, is_at_least: false }]);
  const store = openTestStore(url, Buffer.alloc(32, 1));
  expect((await store.meters('a')).map(({ reading }) => reading)).toEqual([
    { used: 812n, total: 5000n, observedAt: new Date(AT), period: null },
  ]);
  await store.close();
});
