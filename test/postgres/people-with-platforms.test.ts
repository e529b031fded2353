import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { decodeSnapshot } from '../../src/core/notifications/notification.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const PEOPLE = '20261130094500_people_with_platforms';
const [ID, CHAT, METER] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-000000000003',
];
const AT = '2026-11-20T08:00:00.000Z';
const [SLACK, TEAMS, LOGIN] = ['U0TOM', '6f1c2a5e-0000-4000-8000-0000000000aa', 'olga'];
const [TOM, IVO, OLGA] = [`slack:${SLACK}`, `teams:${TEAMS}`, `terminal:${LOGIN}`];

test('a database whose people are bare ids keeps all of them, each with the platform that the id had until now', async () => {
  const url = await databaseBefore(PEOPLE);
  const snapshots = [
    { kind: 'permission-request', by: SLACK, invokedAs: '/usage', command: 'subscribe all', place: null, at: AT },
    { kind: 'permission-request', by: TEAMS, invokedAs: 'usage', command: 'subscribe all', place: null, at: AT },
    { kind: 'permission-request', by: LOGIN, invokedAs: 'usage', command: 'say "by": "U0EVE"', place: null, at: AT },
    { kind: 'permission-request', by: 'somebody', invokedAs: 'usage', command: 'subscribe all', place: null, at: AT },
    { kind: 'destination-disabled', place: { kind: 'slack', address: SLACK }, scope: 'destination', reason: 'gone', fromChat: true },
    {
      kind: 'undelivered',
      platform: 'slack',
      deliveries: [ID],
      messages: [{ place: { kind: 'slack', address: SLACK }, said: `@${TEAMS} asks`, ended: 'expired', reason: '' }],
    },
  ];
  for (const sql of [
    `INSERT INTO account (id, time_zone, created_at, admins, viewers) VALUES ('a', 'UTC', '${AT}', '{${SLACK},${TEAMS}}', '{${TEAMS}}')`,
    `INSERT INTO source (account_id, id, kind, first_seen_at, period_by, reminder_stopped_by, contacts) VALUES ('a', 's', 'push', '${AT}', '${LOGIN}', '', '{"sales":"x@y.example","approver":"${SLACK}"}'), ('a', 'plain', 'push', '${AT}', NULL, '${TEAMS}', '{}')`,
    `INSERT INTO meter (id, account_id, source_id, key, label, unit, decimals, aliases, owner, created_at, snoozed) VALUES ('${METER}', 'a', 's', 'k', 'K', '', 0, '{}', '${TEAMS}', '${AT}', '{"by":"${SLACK}"}')`,
    `INSERT INTO alert (id, account_id, meter_id, topic, status, severity, conditions, opened_at, acknowledged_by, requested_by) VALUES ('${ID}', 'a', '${METER}', 'unusual', 'acknowledged', 'warning', '{}', '${AT}', 'somebody', '${LOGIN}')`,
    `INSERT INTO destination (id, account_id, kind, address, is_direct) VALUES ('${ID}', 'a', 'slack', '${SLACK}', true), ('${CHAT}', 'a', 'teams', '19:c@thread.tacv2', false)`,
    `INSERT INTO route (account_id, id, destination_id, settings, origin, created_by) VALUES ('a', 'chat', '${CHAT}', '{"meters":"all","mention":{}}', 'chat', '${TEAMS}'), ('a', 'file', '${ID}', '{"meters":"all","mention":{"critical":["${SLACK}","${TEAMS}"],"warning":[]}}', 'file', NULL)`,
    ...snapshots.map(
      (snapshot) =>
        `INSERT INTO notification (id, account_id, thread_id, kind, snapshot, created_at) VALUES (gen_random_uuid(), 'a', '${ID}', '${snapshot.kind}', '${JSON.stringify(snapshot)}', '${AT}')`,
    ),
    `INSERT INTO delivery (id, notification_id, destination_id, mentions, status, due_at, created_at) SELECT gen_random_uuid(), id, '${CHAT}', '{${TEAMS},${SLACK}}', 'sent', '${AT}', '${AT}' FROM notification LIMIT 1`,
    `INSERT INTO audit (account_id, at, platform, actor, action, about, person) VALUES ('a', '${AT}', 'slack', '${SLACK}', 'request', '{}', '{${SLACK},a:chat}')`,
  ])
    await runSql(url, sql);

  expect((await migrate({ url, migrationsDir: MIGRATIONS })).ok).toBe(true);

  const column = async (sql: string) => (await runSql(url, sql)).map((row) => row['one']);
  expect(await column(`SELECT admins || viewers AS one FROM account`)).toEqual([[TOM, IVO, IVO]]);
  expect(await runSql(url, 'SELECT period_by, reminder_stopped_by, contacts FROM source ORDER BY id DESC')).toEqual([
    { period_by: OLGA, reminder_stopped_by: '', contacts: { sales: 'x@y.example', approver: TOM } },
    { period_by: null, reminder_stopped_by: IVO, contacts: {} },
  ]);
  expect(await runSql(url, "SELECT owner, snoozed ->> 'by' AS by FROM meter")).toEqual([{ owner: IVO, by: TOM }]);
  expect(await runSql(url, 'SELECT acknowledged_by, requested_by FROM alert')).toEqual([
    { acknowledged_by: 'somebody', requested_by: OLGA },
  ]);
  expect(await runSql(url, "SELECT created_by, settings -> 'mention' AS mention FROM route ORDER BY id")).toEqual([
    { created_by: IVO, mention: {} },
    { created_by: null, mention: { critical: [TOM, IVO], warning: [] } },
  ]);
  expect(await column('SELECT mentions AS one FROM delivery')).toEqual([[IVO, TOM]]);
  expect(await runSql(url, "SELECT actor, person FROM audit WHERE action = 'request'")).toEqual([
    { actor: SLACK, person: [TOM, 'teams:a:chat'] },
  ]);
  await expect(runSql(url, "UPDATE audit SET action = 'x'")).rejects.toThrow('append-only');

  const read = (await column('SELECT snapshot AS one FROM notification')).map(decodeSnapshot);
  const requests = read.filter((one) => one.kind === 'permission-request');
  expect(requests.map(({ by }) => by).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { platform: 'teams', id: TEAMS },
    { platform: 'slack', id: SLACK },
    { platform: 'terminal', id: LOGIN },
    { platform: 'none', id: 'somebody' },
  ]);
  expect(requests.find(({ by }) => by.id === LOGIN)?.command).toBe('say "by": "U0EVE"');
  expect(read.find((one) => one.kind === 'destination-disabled')?.place).toEqual({ kind: 'slack', address: SLACK, direct: true });
  expect(read.find((one) => one.kind === 'undelivered')?.messages).toMatchObject([
    { place: { kind: 'slack', address: SLACK, direct: true }, people: [{ platform: 'teams', id: TEAMS }] },
  ]);
});
