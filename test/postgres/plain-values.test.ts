import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { decodeSnapshot } from '../../src/core/notifications/notification.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const VALUES = '20261130113000_plain_values';
const THREAD = '00000000-0000-4000-8000-000000000001';
const AT = '2026-11-20T08:00:00.000Z';

const STALENESS = {
  kind: 'staleness',
  source: 'apollo',
  sourceKind: 'http',
  since: AT,
  expectedWithinMs: 3_600_000,
  everyMs: 900_000,
  problem: null,
  notMonitored: 2,
  at: AT,
};
const DISABLED = {
  kind: 'destination-disabled',
  place: { kind: 'slack', address: 'C0SALES' },
  scope: 'destination',
  reason: 'It is archived.',
  fromChat: true,
};

/** Snapshots as they were stored, each with the change that it then has. */
const SNAPSHOTS = [
  [{ ...STALENESS, change: 'quiet' }, 'stale'],
  [{ ...STALENESS, change: 'back' }, 'back'],
  [{ ...DISABLED, change: 'off' }, 'disabled'],
  [{ ...DISABLED, change: 'back' }, 'back'],
  [DISABLED, 'disabled'],
] as const;

test('a database of the last version keeps all data when stored values get new names', async () => {
  const url = await databaseBefore(VALUES);
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'UTC', '${AT}')`);
  for (const [index, [snapshot]] of SNAPSHOTS.entries())
    await runSql(
      url,
      `INSERT INTO notification (id, account_id, thread_id, kind, snapshot, created_at)
       VALUES ('00000000-0000-4000-8000-00000000001${String(index)}', 'a', '${THREAD}', '${snapshot.kind}', '${JSON.stringify(snapshot)}', '${AT}')`,
    );
  for (const action of ['reminder-handed-on', 'reminders-stopped'])
    await runSql(
      url,
      `INSERT INTO audit (account_id, at, platform, actor, action, about, person)
       VALUES ('a', '${AT}', 'slack', 'slack:U0TOM', '${action}', '{"source": "apollo"}', '{slack:U0ANNA}')`,
    );

  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({
    ok: true,
    value: { applied: expect.arrayContaining([VALUES]) },
  });

  const stored = await runSql(url, 'SELECT snapshot FROM notification ORDER BY id');
  expect(stored.map(({ snapshot }) => snapshot)).toEqual(SNAPSHOTS.map(([snapshot, change]) => ({ ...snapshot, change })));
  expect(stored.map(({ snapshot }) => decodeSnapshot(snapshot))).toEqual(
    SNAPSHOTS.map(([{ kind }, change]) => expect.objectContaining({ kind, change })),
  );
  const row = { actor: 'slack:U0TOM', about: { source: 'apollo' }, person: ['slack:U0ANNA'] };
  expect(await runSql(url, 'SELECT actor, action, about, person FROM audit ORDER BY seq')).toEqual([
    { ...row, action: 'reminder-reassigned' },
    { ...row, action: 'reminders-stopped' },
  ]);
  await expect(runSql(url, "UPDATE audit SET action = 'x'")).rejects.toThrow('append-only');
});

test.each([
  ['quiet', { ...STALENESS, change: 'quiet' }, 'stale'],
  ['off', { ...DISABLED, change: 'off' }, 'disabled'],
  ['nothing', DISABLED, 'disabled'],
])('a process of the earlier version that still runs after the migration may write %s', (_what, stored, change) => {
  expect(decodeSnapshot(stored)).toMatchObject({ change });
});
