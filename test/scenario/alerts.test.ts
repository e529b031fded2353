import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/core/result.ts';
import { writtenKeyText } from '../../src/messages/replies/keys.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, firstSaid, shownText } from '../support/slack/connected.ts';
import { typeCommand } from '../support/slack/hand-over.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all, mention: { critical: [U0OLGA] } }\n';

test('79.9% is quiet, exactly 80% posts once, 80.1% and a restart do not repeat it, 100% posts once more', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env };
  const first = await startApp(options);
  const push = async (app: typeof first, used: number) =>
    expect((await app.push({ readings: [readingNow('leads', used)] })).status).toBe(202);

  await push(first, 799);
  await push(first, 800);
  const warning = await slack.arrival('C0ALERTS');
  expect(shownText(warning.blocks)).toMatch(/^🟠 Leads reached 80%\n800 \/ 1,000 used · 200 left\n/);
  expect(warning.text).toContain('Leads reached 80%');
  await push(first, 801);
  await first.stop();

  const second = await startApp(options);
  await push(second, 802);
  await push(second, 1000);
  const critical = await slack.arrival('C0ALERTS');
  expect(shownText(critical.blocks)).toMatch(/^🔴 Leads is used up \(100%\)/);
  expect(JSON.stringify(critical.blocks)).toContain('"user_id":"U0OLGA"');
  await push(second, 1001);
  await everythingSettled(database.url);
  expect(slack.messages().map(firstSaid)).toEqual([
    '🟠 Leads reached 80% · 800 / 1,000 used · 200 left',
    '🔴 Leads is used up (100%) · 1,000 / 1,000 used · 0 left',
  ]);
});

test('two sources may have a meter of the same name, and an alert of each', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env });
  await app.push({ source: 'one', readings: [readingNow('leads', 900)] });
  await slack.arrival('C0ALERTS');
  await app.push({ source: 'two', readings: [readingNow('leads', 950)] });
  await slack.arrival('C0ALERTS');
  expect(slack.messages().map((message) => firstSaid(message).split(' · ')[0])).toEqual([
    '🟠 Leads is already at 90%',
    '🟠 Leads is already at 95%',
  ]);
});

test('a meter with a hostile name shows it literally and pings nobody', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env });
  const name = '*<!channel>* & <x|y>';
  await app.push({ readings: [{ ...readingNow('evil', 900), label: name }] });
  const { blocks, text } = await slack.arrival('C0ALERTS');
  expect(shownText(blocks)).toContain(`${name} is already at 90%`);
  expect(text).not.toContain('<!channel>');
  expect(text).toContain('&lt;!channel&gt;');
});

test('an alert that no route wants goes to the admins', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const file = 'admins: [U0ADMIN]\nroutes:\n  - { slack: C0ALERTS, meters: [other] }\n';
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file, env: slack.env });
  // Used up, which quiet hours of persons let pass, whatever the time of day.
  await app.push({ readings: [readingNow('leads', 1000)] });
  await slack.posts.next(({ address, text }) => address === 'U0ADMIN' && text.includes('Leads is already at 100%'));
  expect(slack.messages('C0ALERTS')).toEqual([]);
});

test('accounts never mix: keys, readings, routes and workspaces are of one account alone', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const file = `
accounts:
  north: { slackTeams: [T0NORTH], routes: [{ slack: C0NORTH, meters: all }] }
  south: { slackTeams: [T0SOUTH], routes: [{ slack: C0SOUTH, meters: all }] }
`;
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: database.url, file, env: { ...slack.env, INGEST_KEY: '' } });
  await expect.poll(() => app.output()).toContain(writtenKeyText('south', ok(join(dataDir, 'ingest-key.south'))));
  const keyOf = (account: string) => readFileSync(join(dataDir, `ingest-key.${account}`), 'utf8').trim();
  expect(keyOf('north')).not.toBe(keyOf('south'));

  const as = (account: string) => ({ authorization: `Bearer ${keyOf(account)}` });
  expect((await app.push({ readings: [readingNow('leads', 900)] }, as('north'))).status).toBe(202);
  await slack.arrival('C0NORTH');
  await everythingSettled(database.url);
  expect(slack.messages('C0SOUTH')).toEqual([]);
  const overview = async (account: string) => (await fetch(`${app.url}/v1/usage`, { headers: as(account) })).json();
  expect(await overview('north')).toMatchObject({ meters: [{ meter: 'leads', used: 900 }] });
  expect(await overview('south')).toMatchObject({ meters: [] });

  const shownIn = async (team: string) => shownText((await (await typeCommand(slack, app, '', { team })).answer()).body['blocks']);
  expect(await shownIn('T0NORTH')).toContain('900 / 1,000 used');
  expect(await shownIn('T0SOUTH')).toContain('No figures yet.');
  expect(await shownIn('T0OTHER')).toContain('does not know this workspace (T0OTHER)');
});

/** Nothing waits to be posted any more: what did not arrive by then does not come. */
async function everythingSettled(databaseUrl: string): Promise<void> {
  await expect.poll(() => runSql(databaseUrl, "SELECT 1 FROM delivery WHERE status = 'pending'"), { timeout: 10_000 }).toEqual([]);
}
