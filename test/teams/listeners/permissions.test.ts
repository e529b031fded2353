import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../src/app/system-clock.ts';
import { dataFolder, startApp } from '../../support/app.ts';
import { chatOver } from '../../support/chat.ts';
import { createDatabase, runSql } from '../../support/database.ts';
import { startPipeline } from '../../support/pipeline.ts';
import {
  ANNA,
  CHANNEL,
  CHAT,
  inChannel,
  installed,
  mentioning,
  pressed,
  slash,
  TENANT,
  TOM,
  typed,
} from '../../support/teams/activities.ts';
import { connectedTeams } from '../../support/teams/connected.ts';
import { startTeamsAdapter } from '../../support/teams/adapter.ts';
import { belowText } from '../../../src/messages/platforms/teams-toasts.ts';

const ANNAS_ID = 'ABCDEF00-0000-0000-0000-00000000000A';
const anna = { ...ANNA, aadObjectId: ANNAS_ID.toLowerCase() };

/** A service whose file names Anna, by the id as somebody else's tool writes it. */
async function prepare() {
  const pipeline = await startPipeline(`admins: [${ANNAS_ID}]\n`, new Date().toISOString(), { TEAMS_ALLOW_ANONYMOUS: 'true' });
  await pipeline.push([{ meter: 'leads', used: 100, total: 1000 }]);
  const { send, teams } = await startTeamsAdapter({ chat: chatOver(pipeline.store, systemClock), store: pipeline.store.teams });
  await send({ ...typed(teams.serviceUrl, 'usage'), from: anna });
  await teams.arrival();
  return {
    send,
    teams,
    routes: () => runSql(pipeline.url, 'SELECT address FROM route JOIN destination ON destination.id = destination_id'),
  };
}

test('an admin whom the file names by the directory’s id may change what comes to a channel', async () => {
  const { send, teams, routes } = await prepare();
  await send({ ...mentioning(teams.serviceUrl, 'usage subscribe all'), from: anna });
  expect((await teams.arrival(CHANNEL)).text).toContain('turned on credit alerts here');
  expect(await routes()).toEqual([{ address: CHANNEL }]);
});

test('somebody else may not, and is told privately by whom it is done, typed or with a button of an old card', async () => {
  const { send, teams, routes } = await prepare();
  await send({ ...slash(teams.serviceUrl, '/usage subscribe all'), from: TOM });
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Rules are changed by Anna Adams.' });
  await send({ ...mentioning(teams.serviceUrl, 'usage subscribe all'), from: TOM });
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Rules are changed by Anna Adams.' });
  const press = {
    ...typed(teams.serviceUrl, '', inChannel()),
    from: TOM,
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', data: { creditwatch: 'press', action: 'show', value: 'subscribe all' } } },
  };
  const answer = z.object({ type: z.string(), value: z.string() }).parse(await (await send(press)).json());
  expect(answer).toEqual({ type: 'application/vnd.microsoft.activity.message', value: belowText('answer', false) });
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Rules are changed by Anna Adams.' });
  expect(await routes()).toEqual([]);
  expect(teams.messages(CHANNEL).filter(({ onlyFor }) => onlyFor === null)).toEqual([]);
});

test.each([
  ['usage leeds', 'No meter "leeds". Did you mean Leads?'],
  ['usage history leeds', 'No meter "leeds". Did you mean Leads?'],
  ['usage check leeds 50k', 'No meter "leeds". Did you mean Leads?'],
])(
  '"%s" in a channel is between the asker and Creditwatch: the thread reads neither the slip nor the answer',
  async (typedText, answer) => {
    const { send, teams } = await prepare();
    await send({ ...mentioning(teams.serviceUrl, typedText), from: TOM });
    expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: expect.stringContaining(answer) });
  },
);

test('a guest may look and change nothing, typed or pressed', async () => {
  const { send, teams, routes } = await prepare();
  teams.guests.add(TOM.id);
  await send({ ...slash(teams.serviceUrl, '/usage'), from: TOM });
  expect((await teams.arrival(CHANNEL)).text).toContain('Leads');
  await send({ ...slash(teams.serviceUrl, '/usage snooze leads'), from: TOM });
  expect((await teams.arrival(CHANNEL)).text).toBe('Guests cannot do that. Ask a member of the workspace.');
  const press = {
    ...typed(teams.serviceUrl, '', inChannel()),
    from: TOM,
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', data: { creditwatch: 'press', action: 'acknowledge', value: 'alert-1' } } },
  };
  expect(await (await send(press)).json()).toMatchObject({ value: 'Guests cannot do that. Ask a member of the workspace.' });
  expect(await routes()).toEqual([]);
  expect(teams.calls.all.filter(({ method }) => method === 'member')).toMatchObject([{ conversation: CHAT }, { conversation: CHANNEL }]);
});

test('in the chat with the bot everybody turns on what comes to them', async () => {
  const { send, teams, routes } = await prepare();
  await send({
    ...typed(teams.serviceUrl, 'subscribe all', {
      conversation: { id: 'a:tom', conversationType: 'personal', tenantId: '00000000-0000-0000-0000-0000000000aa' },
    }),
    from: TOM,
  });
  expect((await teams.arrival('a:tom')).text).toContain('You get credit alerts here');
  expect(await routes()).toEqual([{ address: 'a:tom' }]);
});

test('the button of the welcome is refused to whoever may not, privately, and what an admin turns on with it everybody reads', async () => {
  const { send, teams, routes } = await prepare();
  await send(installed(teams.serviceUrl, inChannel()));
  const welcome = await teams.arrival(CHANNEL);
  await send(pressed(teams.serviceUrl, welcome, 'Alerts here', { from: TOM }));
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Rules are changed by Anna Adams.' });
  expect(await routes()).toEqual([]);
  await send(pressed(teams.serviceUrl, welcome, 'Alerts here', { from: anna }));
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: null, text: expect.stringContaining('turned on credit alerts here') });
  expect(await routes()).toEqual([{ address: CHANNEL }]);
});

test('who is refused asks those who may at one press, and the admin reads it alone, once', async () => {
  const teams = await connectedTeams();
  const app = await startApp({
    dataDir: dataFolder(),
    databaseUrl: (await createDatabase()).url,
    file: `admins: [${ANNAS_ID}]\n`,
    env: teams.env,
  });
  const send = (activity: object) => teams.send(app, activity);
  await send({
    ...typed(teams.serviceUrl, 'usage', { conversation: { id: 'a:anna', conversationType: 'personal', tenantId: TENANT } }),
    from: anna,
  });
  await teams.arrival('a:anna');
  await send({ ...slash(teams.serviceUrl, '/usage subscribe all'), from: TOM });
  const refused = await teams.arrival(CHANNEL);
  expect(refused).toMatchObject({ onlyFor: TOM.id, text: 'Rules are changed by Anna Adams.' });
  for (const said of [/^Asked @Anna Adams\.$/, /^@Anna Adams was already asked \(\d\d:\d\d\)\.$/]) {
    expect(await (await send(pressed(teams.serviceUrl, refused, 'Ask them', { from: TOM }))).json()).toMatchObject({
      type: 'application/vnd.microsoft.activity.message',
      value: expect.stringMatching(said),
    });
  }
  expect((await teams.arrival('a:anna', 15_000)).text).toMatch(/^🙋 Tom Tester asks for @Creditwatch usage subscribe all in Marketing\n/);
  expect(teams.messages('a:anna')).toHaveLength(2);
}, 60_000);
