import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/app/system-clock.ts';
import { chatOver } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { startPipeline } from '../support/pipeline.ts';
import { ANNA, CHANNEL, inChannel, mentioning, TOM, typed } from '../support/teams/activities.ts';
import { startTeamsAdapter } from '../support/teams/adapter.ts';

const FILE = `
sources:
  - { id: abmatic, kind: push, contacts: { approver: ${TOM.aadObjectId} } }
routes:
  - { teams: "${CHANNEL}", meters: all, digest: false }
`;

/** Two processes over one database, with an alert that stands in a channel. */
async function twoReplicas() {
  const pipeline = await startPipeline(FILE, new Date().toISOString(), { TEAMS_ALLOW_ANONYMOUS: 'true' });
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  const chat = chatOver(pipeline.store, { ...systemClock, now: () => pipeline.now() });
  const adapters = [
    await startTeamsAdapter({ chat, store: pipeline.store.teams }),
    await startTeamsAdapter({ chat, store: pipeline.store.teams }),
  ];
  const [alert] = z.array(z.object({ id: z.string() })).parse(await runSql(pipeline.url, 'SELECT id FROM alert'));
  /** The same activity, as Teams repeats it, to each of them at once. */
  const sendBoth = (make: (serviceUrl: string) => object) => {
    const activity = make(adapters[0]?.teams.serviceUrl ?? '');
    return Promise.all(adapters.map(({ send }) => send(activity)));
  };
  const press = (action: string) =>
    sendBoth((serviceUrl) => ({
      ...typed(serviceUrl, '', inChannel()),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', data: { creditwatch: 'press', action, value: alert?.id ?? '' } } },
    }));
  return { pipeline, sendBoth, press, teams: adapters[0]?.teams };
}

test('a press that reaches two processes takes the alert once, and edits its message once', async () => {
  const { pipeline, press } = await twoReplicas();
  expect((await press('acknowledge')).map(({ status }) => status)).toEqual([200, 200]);
  await pipeline.settle();
  expect(pipeline.messages).toMatchObject([{ address: CHANNEL, edits: 1, text: expect.stringContaining(ANNA.aadObjectId) }]);
});

test('a command that reaches two processes asks for more once', async () => {
  const { pipeline, sendBoth, teams } = await twoReplicas();
  await sendBoth((serviceUrl) => mentioning(serviceUrl, 'usage request leads allocation'));
  await teams?.posts.next(() => teams.posts.all.length === 2);
  await pipeline.settle();
  expect(pipeline.messages.filter(({ address }) => address === TOM.aadObjectId)).toHaveLength(1);
});
