import { expect, onTestFinished, test } from 'vitest';
import { MIGRATIONS } from '../../scripts/schema-engine.mjs';
import { migrate } from '../../src/postgres/migrate.ts';
import { openTestStore, runSql } from '../support/database.ts';
import { databaseBefore } from '../support/every-table.ts';

const CODES = '20261130103409_disabled_codes';
const AT = '2026-11-20T08:00:00.000Z';

/** Reasons as they were stored without a code, each with the code that it gets. */
const STORED: readonly (readonly [address: string, kind: string, reason: string | null, code: string | null])[] = [
  ['19:removed', 'teams', 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.', 'removed'],
  [
    '19:channel-removed',
    'teams',
    'Creditwatch was removed from the channel. Add it to the channel again, or route elsewhere.',
    'removed-from-channel',
  ],
  ['19:team-deleted', 'teams', 'The team was deleted. Restore it in Teams, or route elsewhere.', 'team-deleted'],
  ['19:channel-deleted', 'teams', 'The channel was deleted. Restore it in Teams, or route elsewhere.', 'channel-deleted'],
  [
    '19:unshared',
    'teams',
    'The channel is no longer shared with the team that Creditwatch is in. Share it again, or route elsewhere.',
    'unshared',
  ],
  ['19:rejected', 'teams', 'Creditwatch may not write in that conversation (HTTP 403). Add it there again.', null],
  ['19:enabled', 'teams', null, null],
  ['C0ARCHIVED', 'slack', 'The channel is archived (is_archived). Unarchive it, or route to another channel.', null],
];

async function migrated() {
  const url = await databaseBefore(CODES);
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'UTC', '${AT}')`);
  for (const [address, kind, reason] of STORED) {
    const off = reason === null ? 'NULL, NULL, NULL' : `'${reason}', 'destination', '${AT}'`;
    await runSql(
      url,
      `INSERT INTO destination (id, account_id, kind, address, disabled_reason, disabled_scope, disabled_since)
       VALUES (gen_random_uuid(), 'a', '${kind}', '${address}', ${off})`,
    );
    if (kind === 'teams')
      await runSql(
        url,
        `INSERT INTO teams_conversation (id, account_id, scope, team_id, service_url, seen_at) VALUES ('${address}', 'a', 'channel', '19:team', 'http://127.0.0.1:9/', '${AT}')`,
      );
  }
  expect(await migrate({ url, migrationsDir: MIGRATIONS })).toMatchObject({
    ok: true,
    value: { applied: expect.arrayContaining([CODES]) },
  });
  return url;
}

test('a destination that was disabled without a code gets the code of its reason, and keeps the reason', async () => {
  const url = await migrated();
  const rows = await runSql(url, 'SELECT address, disabled_code, disabled_reason FROM destination');
  const kept = new Map(rows.map(({ address, ...row }) => [address, row]));
  expect(kept).toEqual(new Map(STORED.map(([address, , reason, code]) => [address, { disabled_code: code, disabled_reason: reason }])));
});

test('what was disabled without a code is enabled by the event that ends its reason, and stays disabled after others', async () => {
  const url = await migrated();
  const store = openTestStore(url, Buffer.alloc(32));
  onTestFinished(() => store.close());
  const now = new Date(AT);
  const disabled = async () =>
    (
      await runSql(
        url,
        'SELECT address FROM destination WHERE kind = \'teams\' AND disabled_since IS NOT NULL ORDER BY address COLLATE "C"',
      )
    ).map(({ address }) => address);
  await store.teams.restore({ account: 'a', conversation: '19:unshared' }, { because: ['channel-deleted'] }, now);
  expect(await disabled()).toContain('19:unshared');
  await store.teams.restore({ account: 'a', conversation: '19:unshared' }, { because: ['unshared'] }, now);
  expect(await disabled()).not.toContain('19:unshared');
  const stillOff = await store.teams.restore(
    { account: 'a', team: '19:team' },
    { unless: ['removed-from-channel', 'channel-deleted'] },
    now,
  );
  expect(stillOff.map(({ conversation }) => conversation)).toEqual(['19:channel-deleted', '19:channel-removed']);
  expect(await disabled()).toEqual(['19:channel-deleted', '19:channel-removed']);
  expect(await runSql(url, 'SELECT address FROM destination WHERE disabled_since IS NULL AND disabled_code IS NOT NULL')).toEqual([]);
});
