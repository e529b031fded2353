import { expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import { formAfter, sendForm, typeCommand } from '../support/slack/hand-over.ts';
import { CHAT, pressed, typed } from '../support/teams/activities.ts';
import { shownOn } from '../support/teams/card-rules.ts';
import { connectedTeams } from '../support/teams/connected.ts';

const FILE = 'admins: [U0OLGA]\nroutes: [{ slack: C0ALERTS, meters: all, digest: false }]\n';
const PAGE = { vendor: 'crm', name: '', text: 'Leads\n700/1,000 leads used\n' };
const cardSchema = z.object({ value: z.record(z.string(), z.unknown()) });

async function start() {
  const [slack, teams, database] = [await connectedSlack(), await connectedTeams(), await createDatabase()];
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: database.url, file: FILE, env: { ...slack.env, ...teams.env } });
  expect((await app.push({ source: 'crm', readings: [readingNow('leads', 100)] })).status).toBe(202);
  const used = async () => (await runSql(database.url, 'SELECT used::int FROM meter'))[0]?.['used'];
  return { slack, teams, app, used };
}

test('in Slack a member is refused over a source that is pushed, by its form and by any other; an admin is not, and is shown', async () => {
  const { slack, app, used } = await start();
  const refused = await (await typeCommand(slack, app, 'import crm', { user: 'U0ANNA' })).answer();
  expect(shownText(refused.body['blocks'])).toContain('crm gets its figures from an ingest key. Only an admin can paste over them.');
  expect(slack.views.all).toEqual([]);
  await typeCommand(slack, app, 'import', { user: 'U0ANNA' });
  const form = await slack.views.next(() => true);
  expect((await sendForm(slack, app, form, PAGE, { user: 'U0ANNA' })).said).toEqual({
    response_action: 'errors',
    errors: { vendor: expect.stringContaining('crm gets its figures from an ingest key, so only an admin can paste over them.') },
  });
  expect(await used()).toBe(100);

  await typeCommand(slack, app, 'import crm', { user: 'U0OLGA' });
  const hers = await slack.views.next(({ view }) => JSON.stringify(view).includes('crm'));
  const shown = formAfter(hers, await sendForm(slack, app, hers, PAGE, { user: 'U0OLGA' }));
  await (await sendForm(slack, app, shown, PAGE, { user: 'U0OLGA' })).answer();
  expect(await used()).toBe(700);
  const detail = await (await typeCommand(slack, app, 'crm/leads', { user: 'U0ANNA' })).answer();
  expect(JSON.stringify(detail.body)).toMatch(/Pasted by .*U0OLGA/);
}, 60_000);

test('in Teams a member is refused by the same sentence, in the form that was sent', async () => {
  const { teams, app, used } = await start();
  await teams.send(app, typed(teams.serviceUrl, 'usage import crm'));
  expect(shownOn((await teams.arrival(CHAT)).card)).toContain('Only an admin can paste over them.');
  await teams.send(app, typed(teams.serviceUrl, 'usage import'));
  const form = await teams.arrival(CHAT);
  const sent = await teams.send(app, pressed(teams.serviceUrl, form, 'Show what it finds', { inputs: PAGE }));
  expect(shownOn(cardSchema.parse(await sent.json()).value)).toContain('crm gets its figures from an ingest key, so only an admin');
  expect(await used()).toBe(100);
}, 60_000);
