import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { decodeSnapshot } from '../../src/core/notifications/notification.ts';
import { timerKinds } from '../../src/core/notifications/timer.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const RENAMES = '20261130060000_plain_names';
const [ID, OTHER] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const AT = '2026-11-20T08:00:00.000Z';

/** Rows as the code before the renames stored them, by their old kind. */
const SNAPSHOTS = {
  silence: {
    change: 'quiet',
    source: 'apollo',
    sourceKind: 'http',
    since: AT,
    expectedWithinMs: 3_600_000,
    everyMs: 900_000,
    problem: null,
    blind: 2,
    at: AT,
  },
  closing: { source: 'apollo', period: { start: AT, end: AT }, ended: { start: AT, end: AT }, meters: [] },
  unreachable: {
    change: 'off',
    place: { kind: 'slack', address: 'C0SALES' },
    scope: 'destination',
    reason: 'It is archived.',
    fromChat: true,
  },
  wish: { by: 'U0TOM', invokedAs: '/usage', wish: 'subscribe all', place: null, at: AT },
};

/** Kinds of timers that did not exist then. */
const ADDED_LATER: readonly string[] = ['source-problem', 'key-expiry'];

test('a database of the last version keeps all data when columns, timers and notifications get new names', async () => {
  const url = await databaseBefore(RENAMES);
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'UTC', '${AT}')`);
  await runSql(
    url,
    `INSERT INTO source (account_id, id, kind, first_seen_at, fed_by, fed_via, asked_off_by, machine_fed, quiet_since, quiet_thread)
     VALUES ('a', 'apollo', 'http', '${AT}', '{"kind":"slack","address":"U0TOM"}', 'chat', 'U0ANNA', 'poll', '${AT}', '${ID}')`,
  );
  await runSql(
    url,
    `INSERT INTO destination (id, account_id, kind, address, off_reason, off_scope, off_since, off_told, struck_at)
     VALUES ('${ID}', 'a', 'slack', 'C0SALES', 'it is archived', 'destination', '${AT}', 'it is archived', '${AT}'), ('${OTHER}', 'a', 'terminal', 'terminal', NULL, NULL, NULL, NULL, NULL)`,
  );
  for (const [kind, snapshot] of Object.entries(SNAPSHOTS))
    await runSql(
      url,
      `INSERT INTO notification (id, account_id, thread_id, kind, snapshot, created_at)
       VALUES (gen_random_uuid(), 'a', '${ID}', '${kind}', '${JSON.stringify({ kind, ...snapshot })}', '${AT}')`,
    );
  await runSql(
    url,
    `INSERT INTO delivery (id, notification_id, destination_id, meant_for_id, mentions, status, settled_because, due_at, created_at)
     SELECT gen_random_uuid(), id, '${OTHER}', '${ID}', '{}', 'dropped', 'resolved', '${AT}', '${AT}' FROM notification WHERE kind = 'closing'`,
  );
  await runSql(
    url,
    `INSERT INTO refused_request (id, account_id, platform, by, wish, refused_at) VALUES ('${ID}', 'a', 'slack', 'U0TOM', 'subscribe all', '${AT}')`,
  );
  const OLD_TIMERS = [
    'silence',
    'repeat',
    'snooze-end',
    'present',
    'failover',
    'closing',
    'digest',
    'paste-reminder',
    'mended',
    'unsaid',
    'rules-changed',
    'purge',
  ];
  for (const kind of OLD_TIMERS)
    await runSql(url, `INSERT INTO timer (account_id, kind, subject, due_at) VALUES ('a', '${kind}', '${kind}', '${AT}')`);

  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({
    ok: true,
    value: { applied: expect.arrayContaining([RENAMES]) },
  });

  expect(
    await runSql(url, 'SELECT ingested_by, ingested_via, reminder_stopped_by, automated_via, stale_since, stale_thread FROM source'),
  ).toEqual([
    {
      ingested_by: { kind: 'slack', address: 'U0TOM' },
      ingested_via: 'chat',
      reminder_stopped_by: 'slack:U0ANNA',
      automated_via: 'poll',
      stale_since: new Date(AT),
      stale_thread: ID,
    },
  ]);
  expect(
    await runSql(
      url,
      `SELECT disabled_reason, disabled_scope, disabled_since, disabled_notified_reason, unknown_since FROM destination WHERE id = '${ID}'`,
    ),
  ).toEqual([
    {
      disabled_reason: 'it is archived',
      disabled_scope: 'destination',
      disabled_since: new Date(AT),
      disabled_notified_reason: 'it is archived',
      unknown_since: new Date(AT),
    },
  ]);
  expect(await runSql(url, 'SELECT original_destination_id, settled_reason FROM delivery')).toEqual([
    { original_destination_id: ID, settled_reason: 'resolved' },
  ]);
  expect(await runSql(url, 'SELECT command FROM refused_request')).toEqual([{ command: 'subscribe all' }]);
  expect(new Set((await runSql(url, 'SELECT kind FROM timer')).map(({ kind }) => kind))).toEqual(
    new Set(timerKinds.filter((kind) => !ADDED_LATER.includes(kind))),
  );
  const stored = await runSql(url, 'SELECT kind, snapshot FROM notification ORDER BY kind');
  const snapshots = stored.map(({ snapshot }) => decodeSnapshot(snapshot));
  expect(snapshots.map(({ kind }) => kind)).toEqual(stored.map(({ kind }) => kind));
  expect(snapshots).toEqual([
    expect.objectContaining({ kind: 'destination-disabled', place: { kind: 'slack', address: 'C0SALES' } }),
    expect.objectContaining({ kind: 'period-statement', source: 'apollo' }),
    expect.objectContaining({ kind: 'permission-request', command: 'subscribe all' }),
    expect.objectContaining({ kind: 'staleness', notMonitored: 2 }),
  ]);
});
