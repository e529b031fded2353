import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { tellEvent, typeCommand } from '../support/slack/hand-over.ts';
import { eventCallback } from '../support/slack/interactions.ts';

const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';
const AWAY = { kind: 'status', status: 503 } as const;
const REMOVED = { type: 'app_uninstalled' };
const ON = [{ kind: 'slack', disabled_reason: null }];
const DESTINATIONS = "SELECT kind, disabled_reason FROM destination WHERE kind = 'slack'";

async function prepare() {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { dataDir: dataFolder(), databaseUrl: database.url, file: FILE, env: slack.env };
  return { slack, database, options };
}

test('while Slack has never said whose the token is, nobody gets figures and no event switches anything off', async () => {
  const { slack, database, options } = await prepare();
  slack.always('auth.test', AWAY);
  const app = await startApp(options);
  await app.push({ readings: [readingNow('leads', 100)] });
  for (const team of ['T0FOREIGN', 'T0FAKE']) {
    const told = await (await typeCommand(slack, app, '', { team })).answer();
    expect(told.text).toBe('I cannot check who you are right now. Try again in a minute.');
  }
  expect(await tellEvent(slack, app, eventCallback(REMOVED, { team: 'T0FOREIGN' }))).toBe(200);
  await app.push({ readings: [readingNow('leads', 850)] });
  expect((await slack.arrival('C0ALERTS', 15_000)).text).toContain('Leads');
  await app.stop();
  expect(await runSql(database.url, DESTINATIONS)).toEqual(ON);
}, 60_000);

test('what Slack said of the token holds over a restart while Slack is silent: its workspace is served, others get nothing and switch nothing off', async () => {
  const { slack, database, options } = await prepare();
  const before = await startApp(options);
  await expect.poll(() => runSql(database.url, 'SELECT team_id FROM slack_identity'), { timeout: 10_000 }).toEqual([{ team_id: 'T0FAKE' }]);
  await before.stop();
  expect(JSON.stringify(await runSql(database.url, 'SELECT * FROM slack_identity'))).not.toContain('xoxb');

  slack.always('auth.test', AWAY);
  const app = await startApp(options);
  await app.push({ readings: [readingNow('leads', 100)] });
  expect((await (await typeCommand(slack, app, '', { team: 'T0FAKE' })).answer()).text).toContain('Leads');
  expect((await (await typeCommand(slack, app, '', { team: 'T0FOREIGN' })).answer()).text).toMatch(/^Only members/);
  expect(await tellEvent(slack, app, eventCallback(REMOVED, { team: 'T0FOREIGN' }))).toBe(200);
  await expect.poll(() => app.output()).toContain('ignored Slack event of another workspace');
  expect(await runSql(database.url, DESTINATIONS)).toEqual(ON);
  expect(await tellEvent(slack, app, eventCallback(REMOVED, { team: 'T0FAKE' }))).toBe(200);
  await expect.poll(() => runSql(database.url, DESTINATIONS), { timeout: 10_000 }).not.toEqual(ON);
  await app.stop();

  // Of another token nothing was said yet.
  const other = await startApp({ ...options, env: { ...options.env, SLACK_BOT_TOKEN: 'xoxb-another' } });
  expect((await (await typeCommand(slack, other, '', { team: 'T0FAKE' })).answer()).text).toMatch(/^I cannot check who/);
}, 60_000);
