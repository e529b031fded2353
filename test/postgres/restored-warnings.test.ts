import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { prepareRestored } from '../../src/postgres/backup/after-restore.ts';
import { createDatabase, runSql } from '../support/database.ts';

const TAKEN_AT = new Date('2026-11-20T08:00:00Z');
const NOW = new Date('2026-12-02T08:00:00Z');

test('after a restore, a warning of a key that came due since the backup counts as sent, and the next one comes as planned', async () => {
  const { url } = await createDatabase();
  await runSql(url, `INSERT INTO account (id, time_zone, created_at) VALUES ('a', 'Europe/Berlin', '${TAKEN_AT.toISOString()}')`);
  for (const [id, expiry] of [
    ['acme', `'{"on": "2026-12-31", "variables": ["ACME_KEY"], "page": null}'`],
    ['other', 'NULL'],
  ] as const) {
    await runSql(
      url,
      `INSERT INTO source (account_id, id, kind, first_seen_at, key_expiry) VALUES ('a', '${id}', 'http', '${TAKEN_AT.toISOString()}', ${expiry})`,
    );
    await runSql(url, `INSERT INTO timer (account_id, kind, subject, due_at) VALUES ('a', 'key-expiry', '${id}', '2026-12-01T08:00:00Z')`);
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  expect(await prepareRestored(client, { takenAt: TAKEN_AT, now: NOW })).toMatchObject({ skipped: { 'key-expiry': 2 } });
  expect(await runSql(url, 'SELECT id, key_expiry_told FROM source ORDER BY id')).toEqual([
    { id: 'acme', key_expiry_told: { on: '2026-12-31', days: 30 } },
    { id: 'other', key_expiry_told: null },
  ]);
  expect(await runSql(url, "SELECT subject, due_at FROM timer WHERE kind = 'key-expiry'")).toEqual([
    { subject: 'acme', due_at: new Date('2026-12-24T08:00:00Z') },
  ]);
});
