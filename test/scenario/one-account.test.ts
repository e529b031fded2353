import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp, type App } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { pressButton, sendForm, tellEvent, typeCommand } from '../support/slack/hand-over.ts';
import { eventCallback } from '../support/slack/interactions.ts';
import { inChat, slash, TENANT, typed } from '../support/teams/activities.ts';
import { connectedTeams } from '../support/teams/connected.ts';

const SOUTHERN_TENANT = '00000000-0000-0000-0000-0000000000bb';
const KEYS = { NORTH: 'the-key-of-the-north', SOUTH: 'the-key-of-the-south' };
const FILE = `
accounts:
  north: { slackTeams: [T0FAKE], teamsTenants: [${TENANT}], ingestKeys: ["\${NORTH}"], routes: [{ slack: C0NORTH, meters: all, digest: false }] }
  south: { slackTeams: [T0SOUTH], teamsTenants: [${SOUTHERN_TENANT}], ingestKeys: ["\${SOUTH}"], routes: [{ slack: C0SOUTH, meters: all, digest: false }] }
`;
const SECRET = /Northern|987|C0NORTH/;
const STATE = `
  SELECT (SELECT count(*)::int FROM reading JOIN meter ON meter.id = meter_id WHERE account_id = 'north') AS readings,
    (SELECT count(*)::int FROM source WHERE account_id = 'north') AS sources,
    (SELECT string_agg(status, ',') FROM alert WHERE account_id = 'north') AS alerts,
    (SELECT count(*)::int FROM meter WHERE account_id = 'north' AND snoozed IS NOT NULL) AS snoozed,
    (SELECT count(*)::int FROM destination WHERE account_id = 'north' AND disabled_reason IS NOT NULL) AS off,
    (SELECT count(*)::int FROM route WHERE account_id = 'north') AS routes`;

/** North with an alert in its channel, and somebody of south who reaches for it by every way that there is. */
async function start() {
  const [slack, teams, database] = [await connectedSlack(), await connectedTeams(), await createDatabase()];
  const dataDir = dataFolder();
  const env = { ...KEYS, INGEST_KEY: '', ...slack.env, ...teams.env };
  const app = await startApp({ dataDir, databaseUrl: database.url, file: FILE, env });
  const reading = { ...readingNow('secret_north', 987_654), label: 'Northern Lights', total: 1_000_000 };
  await app.push({ source: 'northern', readings: [reading] }, as(KEYS.NORTH));
  await app.push({ source: 'southern', readings: [readingNow('leads', 10)] }, as(KEYS.SOUTH));
  const alert = await slack.arrival('C0NORTH', 15_000);
  const [row] = z.array(z.object({ id: z.string() })).parse(await runSql(database.url, "SELECT id FROM alert WHERE account_id = 'north'"));
  return { slack, teams, database, dataDir, app, alert, alertId: row?.id ?? '' };
}
type Started = Awaited<ReturnType<typeof start>>;

function as(key: string) {
  return { authorization: `Bearer ${key}` };
}

async function local({ app, dataDir }: { readonly app: App; readonly dataDir: string }, what: string, asked: object): Promise<string> {
  const { token } = z.object({ token: z.string() }).parse(JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8')));
  const headers = { ...as(token), 'content-type': 'application/json' };
  const body = JSON.stringify({ account: 'south', actor: { platform: 'terminal', id: 'sam' }, ...asked });
  const answer = await fetch(`${app.url}/local/${what}`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
  return answer.text();
}

const inSouth = { ...inChat('a:south'), conversation: { id: 'a:south', conversationType: 'personal', tenantId: SOUTHERN_TENANT } };
const ofSouth = { ...inSouth, channelData: { tenant: { id: SOUTHERN_TENANT } } };

function invoke(serviceUrl: string, data: object) {
  return {
    ...typed(serviceUrl, ''),
    ...ofSouth,
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', data } },
  };
}

const NORTHERN_SOURCE = { vendor: 'northern', name: '', text: 'Northern Lights\n1/10 credits used' };

/** Each gives back all that was said. */
const WAYS: readonly [string, (started: Started) => Promise<string>][] = [
  [
    'a command in Slack',
    async ({ slack, app }) =>
      JSON.stringify((await (await typeCommand(slack, app, 'northern/secret_north', { team: 'T0SOUTH' })).answer()).body),
  ],
  ...['snooze', 'acknowledge'].map((action): (typeof WAYS)[number] => [
    `a press in Slack (${action}), from either workspace`,
    async ({ slack, app, alertId }) => {
      const button = { type: 'button', text: { type: 'plain_text', text: 'x' }, action_id: action, value: alertId };
      const said = [];
      for (const doer of [{ team: 'T0SOUTH' }, { team: 'T0FAKE', userTeam: 'T0SOUTH' }, { team: 'T0SOUTH', userTeam: 'T0FAKE' }])
        said.push((await (await pressButton(slack, app, { blocks: [{ type: 'actions', elements: [button] }] }, 0, doer)).answer()).body);
      return JSON.stringify(said);
    },
  ]),
  [
    'a form of north that is sent from south',
    async ({ slack, app }) => {
      await typeCommand(slack, app, 'import', { team: 'T0FAKE' });
      const form = await slack.views.next(() => true);
      const said = [];
      for (const doer of [{ team: 'T0SOUTH', installedTeam: 'T0FAKE' }, { team: 'T0FAKE', userTeam: 'T0SOUTH' }, { team: 'T0SOUTH' }])
        said.push((await (await sendForm(slack, app, form, NORTHERN_SOURCE, doer)).answer()).body);
      return JSON.stringify(said);
    },
  ],
  [
    'an event of Slack',
    async ({ slack, app, database }) => {
      await tellEvent(slack, app, eventCallback({ type: 'app_uninstalled' }, { team: 'T0SOUTH' }));
      const off = "SELECT account_id FROM destination WHERE kind = 'slack' AND disabled_reason IS NOT NULL";
      await expect.poll(() => runSql(database.url, off)).toEqual([{ account_id: 'south' }]);
      return '';
    },
  ],
  [
    'what people type in Teams',
    async ({ teams, app }) => {
      await teams.send(app, { ...slash(teams.serviceUrl, 'usage northern/secret_north'), ...ofSouth });
      return JSON.stringify((await teams.arrival()).card);
    },
  ],
  [
    'a button in Teams',
    async ({ teams, app, alertId }) =>
      (await teams.send(app, invoke(teams.serviceUrl, { creditwatch: 'press', action: 'acknowledge', value: alertId }))).text(),
  ],
  [
    'a form in Teams',
    async ({ teams, app }) => {
      const filled = { creditwatch: 'submit', form: 'reset-day northern', every: 'month', day: '1', days: '' };
      return (await teams.send(app, invoke(teams.serviceUrl, filled))).text();
    },
  ],
  [
    'the local API',
    async (started) => {
      const asked = { text: 'northern/secret_north', strong: false, json: false };
      return (
        (await local(started, 'answer', asked)) +
        (await local(started, 'take', { source: 'southern', eventId: null, readings: [{ meter: 'secret_north', used: 1 }] })) +
        (await local(started, 'test', { route: 'slack:C0NORTH' })).replace('slack:C0NORTH', '') +
        (await local(started, 'consumption', { what: '', since: null }))
      );
    },
  ],
  ['a push', async ({ app }) => (await app.push({ source: 'northern', readings: [readingNow('secret_north', 1)] }, as(KEYS.SOUTH))).text()],
  ['a GET', async ({ app }) => (await fetch(`${app.url}/v1/usage`, { headers: as(KEYS.SOUTH) })).text()],
];

test('nobody of one account reaches anything of another, by whichever way', async () => {
  const started = await start();
  const before = await runSql(started.database.url, STATE);
  for (const [way, take] of WAYS) {
    expect(await take(started), way).not.toMatch(SECRET);
    expect(await runSql(started.database.url, STATE), way).toEqual(before);
  }
}, 120_000);
