import { expect, test } from 'vitest';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { ANNA, CHANNEL, TOM } from '../support/teams/activities.ts';
import { teamsUser } from '../support/people.ts';

const MONDAY = '2026-11-02T09:00:00Z';
const TEAMS = { TEAMS_ALLOW_ANONYMOUS: 'true' };
const OPERATIONS = '19:operations@thread.tacv2';
const leads = (used: number) => [{ meter: 'leads', used, total: 1000 }];
const heads = ({ messages }: Pipeline) => messages.map(({ address, text }) => [address, text.split('\n')[0]]);

test('a strike is forgotten when something arrives', async () => {
  const pipeline = await startPipeline(`routes:\n  - { teams: "${CHANNEL}", meters: all, digest: false }\n`, MONDAY, TEAMS);
  await pipeline.store.teams.markUnknown(CHANNEL, pipeline.now());
  await pipeline.push(leads(850));
  expect(pipeline.messages.map(({ address }) => address)).toEqual([CHANNEL]);
  expect(await pipeline.store.teams.markUnknown(CHANNEL, pipeline.now())).toBe(false);
});

test('taken out of a channel, admins and operations are told once, and these get what waits for it; added again, it hears what is open', async () => {
  const pipeline = await startPipeline(
    `admins: [${TOM.aadObjectId}]\nroutes:\n  - { teams: "${CHANNEL}", meters: all, digest: false }\n  - { teams: "${OPERATIONS}", operations: true }\n`,
    MONDAY,
    TEAMS,
  );
  const place = { account: 'default', conversation: CHANNEL };
  await pipeline.store.teams.remove(
    place,
    { code: 'removed', reason: 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.' },
    pipeline.now(),
  );
  await pipeline.goTo('2026-11-02T09:01:00Z');
  await pipeline.push(leads(850));
  await pipeline.goTo('2026-11-02T09:05:00Z');
  expect(heads(pipeline)).toEqual([
    [TOM.aadObjectId, `⚠️ I can't post in teams:${CHANNEL}`],
    [OPERATIONS, `⚠️ I can't post in teams:${CHANNEL}`],
    [OPERATIONS, expect.stringContaining('Leads is already at 85%')],
  ]);
  await pipeline.store.teams.restore(place, { unless: [] }, pipeline.now());
  await pipeline.goTo('2026-11-02T09:06:00Z');
  expect(pipeline.messages.at(-1)).toMatchObject({ address: CHANNEL, text: expect.stringContaining('Leads is at 85%') });
});

const APPROVED = `
sources:
  - { id: push, kind: push, contacts: { approver: ${TOM.aadObjectId} }, meters: { leads: {} } }
routes:
  - { teams: "${CHANNEL}", meters: all, digest: false }
  - { teams: "${OPERATIONS}", operations: true }
`;
const request = async (pipeline: Pipeline) =>
  pipeline.actions.request({
    account: 'default',
    on: { meterId: await pipeline.meterId('leads') },
    by: teamsUser(ANNA.aadObjectId),
    ask: 'allocation',
    to: 'sales@vendor.example',
    buy: null,
  });

test('who approves requests is told in the chat with them, by the directory’s id', async () => {
  const pipeline = await startPipeline(APPROVED, MONDAY, TEAMS);
  await pipeline.push(leads(850), { source: 'push' });
  expect(await request(pipeline)).toMatchObject({ done: 'requested', notified: [teamsUser(TOM.aadObjectId)] });
  await pipeline.settle();
  expect(heads(pipeline).at(-1)).toEqual([TOM.aadObjectId, expect.stringContaining('Leads')]);
});

test('when Teams does not let the bot write to them, operations get it instead, and are told why once', async () => {
  const pipeline = await startPipeline(APPROVED, MONDAY, TEAMS);
  pipeline.refuse(TOM.aadObjectId, {
    outcome: 'rejected',
    scope: 'destination',
    code: 'never-heard',
    reason: 'Nothing was heard of that conversation yet',
    remedy: 'Write to Creditwatch there once.',
  });
  await pipeline.push(leads(850), { source: 'push' });
  await request(pipeline);
  await pipeline.goTo('2026-11-02T09:05:00Z');
  const atOperations = pipeline.messages.filter(({ address }) => address === OPERATIONS);
  expect(atOperations.map(({ text }) => text)).toEqual([
    expect.stringContaining(`I can't post in teams:${TOM.aadObjectId}`),
    expect.stringContaining(`Meant for teams:${TOM.aadObjectId}`),
  ]);
});

test('whoever subscribed a channel in Teams is told in the chat with them when it takes nothing any more', async () => {
  const pipeline = await startPipeline(`routes:\n  - { teams: "${OPERATIONS}", operations: true }\n`, MONDAY, TEAMS);
  await pipeline.subscriptions.subscribe({
    account: 'default',
    place: { kind: 'teams', address: CHANNEL },
    by: teamsUser(ANNA.aadObjectId),
    meters: 'all',
    operations: false,
  });
  await pipeline.settle();
  pipeline.refuse(CHANNEL, {
    outcome: 'rejected',
    scope: 'destination',
    code: 'BotNotInConversationRoster',
    reason: 'Creditwatch is not in that conversation',
    remedy: 'Add Creditwatch there again.',
  });
  await pipeline.push(leads(850));
  await pipeline.goTo('2026-11-02T09:05:00Z');
  expect(heads(pipeline).filter(([address]) => address === ANNA.aadObjectId)).toEqual([
    [ANNA.aadObjectId, `⚠️ I can't post in teams:${CHANNEL}`],
  ]);
});
