import { expect, test, vi } from 'vitest';
import { DELETION_NEEDS_YES } from '../../src/messages/replies/stored-data.ts';
import { z } from 'zod';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';

vi.setConfig({ testTimeout: 90_000 });

const OLGA = 'U0OLGA77';
const IVAN = 'U0IVAN88';
const OLGA_IN_TEAMS = '6f1c2a5e-0000-4000-8000-0000000000aa';

const tableRows = z.array(z.object({ name: z.string() }));
const textRows = z.array(z.object({ text: z.string() }));

/** The tables in which a text stands anywhere. */
async function tablesWith(url: string, needle: string): Promise<readonly string[]> {
  const tables = tableRows.parse(
    await runSql(
      url,
      "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1",
    ),
  );
  const found = [];
  for (const { name } of tables) {
    const rows = textRows.parse(await runSql(url, `SELECT to_jsonb(one)::text AS text FROM "${name}" AS one`));
    if (rows.some(({ text }) => text.includes(needle))) found.push(name);
  }
  return found;
}

/** A person in every place that holds one, in some as older versions stored it, and another beside, who must stay. */
async function storePeople(url: string): Promise<void> {
  const by = (person: string) => `'{"by":"${person}","at":"2026-11-29T10:00:00.000Z"}'::jsonb`;
  for (const sql of [
    `UPDATE account SET admins = '{slack:${OLGA},slack:${IVAN}}', viewers = '{slack:${OLGA},${OLGA}}'`,
    `UPDATE source SET period_by = 'slack:${OLGA}', reminder_stopped_by = '${OLGA}', ingested_by = '{"kind":"slack","address":"${OLGA}"}', contacts = '{"sales":"sales@vendor.example","approver":"slack:${OLGA}"}'`,
    `UPDATE meter SET owner = 'slack:${OLGA}', pasted = '{"platform":"slack","by":"${OLGA}","at":"2026-11-29T10:00:00.000Z","over":null}'`,
    `INSERT INTO audit (account_id, at, platform, actor, action, about, place, person) VALUES ('default', now(), 'slack', '${OLGA}', 'import', '{}', NULL, '{slack:${IVAN}}'), ('default', now(), 'slack', '${IVAN}', 'request', '{}', 'slack:C0SALES', '{slack:${OLGA},slack:${IVAN}}')`,
    `UPDATE alert SET acknowledged_by = 'slack:${OLGA}', acknowledged_at = now(), requested_by = 'slack:${IVAN}', requested_at = now(), status = 'acknowledged'`,
    `UPDATE notification SET snapshot = jsonb_set(jsonb_set(snapshot, '{acknowledged}', ${by(`slack:${OLGA}`)}), '{requested}', ${by(IVAN)}) WHERE kind NOT IN ('welcome')`,
    `UPDATE delivery SET mentions = '{slack:${OLGA},slack:${IVAN}}'`,
    `INSERT INTO destination (id, account_id, kind, address, fallback) VALUES (gen_random_uuid(), 'default', 'slack', '${OLGA}', true), (gen_random_uuid(), 'default', 'teams', 'a:chat-of-olga', false)`,
    `INSERT INTO route (account_id, id, destination_id, settings, origin, created_by) SELECT 'default', 'olgas', id, '{"meters":"all","operations":false,"mention":{"critical":["slack:${OLGA}","slack:${IVAN}"]},"digest":null}', 'chat', 'slack:${OLGA}' FROM destination WHERE kind = 'terminal'`,
    `INSERT INTO teams_conversation (id, account_id, scope, person_id, name, service_url, seen_at) VALUES ('a:chat-of-olga', 'default', 'personal', '${OLGA_IN_TEAMS}', 'Olga', 'https://smba.example', now())`,
    `INSERT INTO refused_request (id, account_id, platform, "by", command, place, refused_at) VALUES (gen_random_uuid(), 'default', 'slack', '${OLGA}', 'subscribe all', '{"kind":"slack","address":"C0SALES"}', now())`,
    `INSERT INTO teams_person (account_id, id, name, seen_at) VALUES ('default', '${OLGA_IN_TEAMS}', 'Olga', now())`,
  ])
    await runSql(url, sql);
}

async function withPeople() {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl });
  expect((await app.push({ readings: [readingNow('leads', 900)] })).status).toBe(202);
  await expect.poll(() => runSql(databaseUrl, "SELECT 1 FROM delivery WHERE status = 'sent'"), { timeout: 15_000 }).not.toEqual([]);
  await storePeople(databaseUrl);
  return { app, databaseUrl, cli: commandLine({ dataDir, databaseUrl }) };
}

test('person export has every row that names somebody, and person forget leaves none, beside a service that goes on', async () => {
  const { app, databaseUrl, cli } = await withPeople();
  const before = await tablesWith(databaseUrl, OLGA);
  expect(before).toEqual([
    'account',
    'alert',
    'audit',
    'delivery',
    'destination',
    'meter',
    'notification',
    'refused_request',
    'route',
    'source',
  ]);
  const exported = await cli.run(['person', 'export', OLGA]);
  expect([exported.code, exported.err]).toEqual([0, '']);
  const { person, stored } = z
    .object({ person: z.string(), stored: z.record(z.string(), z.array(z.unknown())) })
    .parse(JSON.parse(exported.out));
  expect([person, Object.keys(stored).sort()]).toEqual([OLGA, [...before]]);
  expect(JSON.stringify(stored)).not.toMatch(/ciphertext/);

  const forgotten = await cli.run(['person', 'forget', OLGA]);
  expect([forgotten.code, forgotten.err]).toEqual([0, '']);
  expect(forgotten.out).toMatch(new RegExp(`^${OLGA} is no longer in any record\\. Changed or deleted: `));
  expect(await tablesWith(databaseUrl, OLGA)).toEqual([]);
  expect(await tablesWith(databaseUrl, IVAN)).toEqual(['account', 'alert', 'audit', 'delivery', 'notification', 'route']);
  expect((await cli.run(['person', 'forget', OLGA])).out).toBe(`Nothing is stored about ${OLGA}.\n`);

  // What was said can still be read, the service goes on, and neither brings the person back.
  expect((await app.push({ readings: [readingNow('leads', 1000)] })).status).toBe(202);
  await expect.poll(() => app.output(), { timeout: 15_000 }).toMatch(/Leads.*used up/);
  for (const words of [['usage'], ['usage', 'alerts'], ['usage', 'leads']]) expect((await cli.run(words)).code).toBe(0);
  expect(await tablesWith(databaseUrl, OLGA)).toEqual([]);
  expect(await runSql(databaseUrl, 'SELECT contacts, ingested_by FROM source')).toEqual([
    { contacts: { sales: 'sales@vendor.example' }, ingested_by: null },
  ]);
});

test('a person in Teams goes with the chat, whatever the capitals of the id, without a service too', async () => {
  const { app, databaseUrl, cli } = await withPeople();
  await app.stop();
  const { out } = await cli.run(['person', 'export', OLGA_IN_TEAMS.toUpperCase()]);
  expect(Object.keys(z.object({ stored: z.record(z.string(), z.unknown()) }).parse(JSON.parse(out)).stored).sort()).toEqual([
    'destination',
    'teams_conversation',
    'teams_person',
  ]);
  expect((await cli.run(['person', 'forget', OLGA_IN_TEAMS.toUpperCase()])).code).toBe(0);
  for (const needle of [OLGA_IN_TEAMS, 'a:chat-of-olga', 'Olga']) expect(await tablesWith(databaseUrl, needle)).toEqual([]);
});

test('a login name is forgotten where it says who did something, and a meter of that name stays', async () => {
  const { databaseUrl, cli } = await withPeople();
  await runSql(databaseUrl, "UPDATE meter SET key = 'ada', label = 'ada', unit = 'ada'");
  await runSql(databaseUrl, "UPDATE alert SET acknowledged_by = 'ada'");
  expect((await cli.run(['person', 'forget', 'ada'])).code).toBe(0);
  expect(await runSql(databaseUrl, 'SELECT acknowledged_by AS by, key, unit FROM alert JOIN meter ON meter.id = alert.meter_id')).toEqual([
    { by: 'somebody', key: 'ada', unit: 'ada' },
  ]);
});

test('account delete asks first, deletes all of one account and nothing of another, beside a service that goes on', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const file = 'accounts:\n  north: {}\n  south: {}\n';
  const app = await startApp({ dataDir, databaseUrl, file, env: { INGEST_KEY: '' } });
  const cli = commandLine({ dataDir, databaseUrl });
  cli.write('creditwatch.yml', file);
  const keyOf = async (account: string) => /cw_\S+/.exec((await cli.run(['key', '--account', account])).out)?.[0] ?? '';
  const [north, south] = [await keyOf('north'), await keyOf('south')];
  const push = async (key: string) => (await app.push({ readings: [readingNow('leads', 900)] }, { authorization: `Bearer ${key}` })).status;
  expect([await push(north), await push(south)]).toEqual([202, 202]);
  const rowsOf = async (account: string) =>
    runSql(
      databaseUrl,
      `SELECT id FROM meter WHERE account_id = '${account}' UNION ALL SELECT id FROM notification WHERE account_id = '${account}'`,
    );

  const asked = await cli.run(['account', 'delete', 'north']);
  expect([asked.code, asked.err]).toEqual([2, `${DELETION_NEEDS_YES}\n`]);
  expect(asked.out).toMatch(/^Account north holds: .*1 meter\b.*Deleting it cannot be undone\.\n$/);
  expect(await rowsOf('north')).not.toEqual([]);
  expect(await cli.run(['account', 'delete', 'west', '--yes'])).toMatchObject({
    code: 1,
    err: 'There is no account "west". There are: north, south.\n',
  });

  const deleted = await cli.run(['account', 'delete', 'north', '--yes']);
  expect([deleted.code, deleted.err]).toEqual([0, '']);
  expect(deleted.out).toMatch(
    /^Account north is deleted, with .*1 meter, .*\ncreditwatch\.yml still has this account, so it exists again, empty/,
  );
  expect(await rowsOf('north')).toEqual([]);
  expect(await rowsOf('south')).not.toEqual([]);
  // Its key is gone with it, the other account's is not.
  expect([await push(north), await push(south)]).toEqual([401, 202]);
  expect((await cli.run(['usage', '--account', 'north'])).out).toMatch(/^No figures yet\./);
  expect((await cli.run(['usage', '--account', 'south'])).out).toContain('900 / 1,000');
  await app.stop();

  // An account that creditwatch.yml names no more goes for good.
  const rest = 'accounts:\n  south: {}\n';
  cli.write('creditwatch.yml', rest);
  expect((await cli.run(['account', 'delete', 'north', '--yes'])).out).toMatch(/^Account north is deleted, with [^\n]*\n$/);
  expect(await runSql(databaseUrl, 'SELECT id FROM account')).toEqual([{ id: 'south' }]);
  // That it was deleted is recorded.
  expect(await tablesWith(databaseUrl, '"north"')).toEqual(['audit']);
});
