import { expect, test } from 'vitest';
import { requesterIn, chatOver, messageOf } from '../support/chat.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { slackUser } from '../support/people.ts';

const SOURCE = 'sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]\n';
const ROUTES =
  'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n  - { slack: C0OPERATIONS, operations: true }\n';
const apollo = (used: number, total: number | null = 1000) => ({ meter: 'apollo_contacts', used, total });
const alerts = ({ messages }: Pipeline) => messages.filter(({ address }) => address === 'C0ALERTS');

/** Of a Saturday, by default: nothing is repeated before Monday. */
async function alerted(file: string, startAt = '2026-11-28T09:00:00Z'): Promise<Pipeline> {
  const pipeline = await startPipeline(file, startAt);
  await pipeline.push([apollo(1)]);
  await pipeline.goTo(new Date(pipeline.now().getTime() + 60_000));
  await pipeline.push([apollo(1000)]);
  expect(alerts(pipeline).at(-1)?.text).toMatch(/^🔴 Apollo Contacts is used up/);
  return pipeline;
}

/** What a channel reads of an alert that is over, and how often anything was posted there. */
async function after(pipeline: Pipeline, at: string, figures: Record<string, unknown>) {
  await pipeline.goTo(at);
  await pipeline.push([figures]);
  return { text: alerts(pipeline)[0]?.text, posted: alerts(pipeline).length };
}

/** The buttons of a message cannot be seen in its text: an alert that is closed has none of its own. */
async function answerTo(pipeline: Pipeline, press: 'acknowledge' | 'snooze' | 'request', alertId: string): Promise<string> {
  const clock = { now: () => pipeline.now(), sleep: async () => undefined };
  const chat = chatOver(pipeline.store, clock, pipeline.actions);
  const reply = await chat.clickButton({ action: press, value: alertId }, requesterIn('default', { person: slackUser('U0ANNA') }));
  expect(reply).toMatchObject({ kind: 'message', to: 'alone' });
  return plainMessage(messageOf(reply), { timeZone: 'Europe/Berlin', now: pipeline.now() });
}

test.each<[string, string, string, Record<string, unknown>, string]>([
  [
    'a reset of a known period',
    ROUTES + SOURCE,
    '2026-12-01T08:00:00Z',
    apollo(3),
    'closed, figures reset on 1 Dec\n3 / 1,000 credits used',
  ],
  ['a presumed reset', ROUTES, '2026-11-29T08:00:00Z', apollo(3), 'closed, figures reset on 29 Nov\n3 / 1,000 credits used · 997 left'],
  ['no limit any more', ROUTES + SOURCE, '2026-11-29T08:00:00Z', apollo(1001, null), 'closed, unlimited since 29 Nov\n1,001 credits used'],
])('%s closes the message without a word to anybody', async (_what, file, at, figures, says) => {
  const pipeline = await alerted(file, at.startsWith('2026-12') ? '2026-11-30T22:00:00Z' : undefined);
  await after(pipeline, at, figures);
  // What nothing explains is believed with the second figure that says so.
  const { text, posted } = await after(pipeline, at.replace('T08', 'T09'), figures);
  expect(text).toMatch(new RegExp(`^⚪ Apollo Contacts: ${says}`));
  expect(posted).toBe(1);
});

test('a correction closes it too, and whoever was told that it is used up hears of it in the thread', async () => {
  const pipeline = await alerted(ROUTES + SOURCE);
  const { text } = await after(pipeline, '2026-11-29T08:00:00Z', apollo(400));
  expect(text).toBe('⚪ Apollo Contacts: closed, figures corrected on 29 Nov\n400 / 1,000 credits used · 600 left');
  expect(alerts(pipeline)).toMatchObject([
    { edits: 1 },
    { under: alerts(pipeline)[0]?.ref, text: expect.stringMatching(/^The figures were corrected: 600 less used\./) },
  ]);
});

test('what was taken for a reset and is called a correction says so afterwards, to whoever was told that it is used up', async () => {
  const pipeline = await alerted(ROUTES);
  const deed = { account: 'default', on: { meterId: await pipeline.meterId('apollo_contacts') }, by: slackUser('U0OLGA') };
  await pipeline.actions.acknowledge({ ...deed, by: slackUser('U0ANNA') });
  await after(pipeline, '2026-11-29T08:00:00Z', apollo(3));
  expect(await pipeline.actions.correct(deed)).toEqual({ done: 'corrected' });
  await pipeline.settle();
  expect(alerts(pipeline)).toMatchObject([
    { text: expect.stringMatching(/^⚪ Apollo Contacts: closed, figures corrected on 29 Nov\n/) },
    { under: alerts(pipeline)[0]?.ref, text: expect.stringMatching(/^The figures were corrected: 997 less used\. cc @U0ANNA/) },
  ]);
  const [past] = await pipeline.store.pastAlerts('default', new Date('2026-11-01T00:00:00Z'));
  expect(past?.resolution).toBe('corrected');
});

test.each([
  ['changed', '  - { kind: threshold, meters: all, levels: [90%] }\n'],
  ['removed', ''],
])('a rule that was %s closes what it said as soon as the file is applied, without a reading', async (_how, later) => {
  const own = `${ROUTES}rules:\n  - { kind: threshold, meters: all, levels: [50%] }\n`;
  const pipeline = await startPipeline(own, '2026-11-20T09:00:00Z');
  await pipeline.push([apollo(1)]);
  await pipeline.goTo('2026-11-20T10:00:00Z');
  await pipeline.push([apollo(600)]);
  expect(alerts(pipeline).at(-1)?.text).toContain('Apollo Contacts reached 50%');
  await pipeline.declare(later === '' ? ROUTES : `${ROUTES}rules:\n${later}`);
  await pipeline.goTo('2026-11-21T09:00:00Z');
  expect(alerts(pipeline)).toMatchObject([
    {
      text: '⚪ Apollo Contacts: closed, its rule was changed or removed (20 Nov)\n600 / 1,000 credits used · 400 left',
      buttons: [],
      edits: 1,
    },
  ]);
  const [past] = await pipeline.store.pastAlerts('default', new Date('2026-11-01T00:00:00Z'));
  expect(past).toMatchObject({ resolution: 'rule-changed', resolvedAt: new Date('2026-11-20T10:00:00Z') });
  expect((await after(pipeline, '2026-11-21T10:00:00Z', apollo(601))).posted).toBe(1);
});

test('a message that told several closes the line of the one that is over, and has no button once all are', async () => {
  const pipeline = await startPipeline(ROUTES + SOURCE, '2026-11-20T09:00:00Z');
  await pipeline.push([apollo(900), { meter: 'campaigns', used: 95, total: 100 }]);
  await pipeline.goTo('2026-12-01T08:00:00Z');
  await pipeline.push([apollo(2)]);
  expect(alerts(pipeline)[0]?.text).toMatch(
    /^🟠 1 of 2 meters needs attention\n🟠 Campaigns [^]*\n⚪ Apollo Contacts: closed, figures reset on 1 Dec\n/,
  );
  await pipeline.push([{ meter: 'campaigns', used: 1, total: 100 }]);
  expect(alerts(pipeline)[0]?.text).toMatch(/^⚪ Both alerts are closed\n/);
  expect(alerts(pipeline)).toHaveLength(1);
});

test('a button that is left on an old message answers privately why there is nothing to do, and /usage alerts agrees', async () => {
  const pipeline = await alerted(ROUTES);
  const told = await pipeline.store.lastNotified('default');
  const alertId = told?.kind === 'alert' ? told.alertId : '';
  await after(pipeline, '2026-11-29T08:00:00Z', apollo(3));
  for (const press of ['acknowledge', 'snooze', 'request'] as const)
    expect(await answerTo(pipeline, press, alertId)).toBe('This alert is closed: Apollo Contacts, figures reset on 29 Nov.');
  const clock = { now: () => pipeline.now(), sleep: async () => undefined };
  const listed = await chatOver(pipeline.store, clock).answer('alerts', requesterIn('default'));
  expect(plainMessage(messageOf(listed), { timeZone: 'Europe/Berlin', now: pipeline.now() })).toBe(
    'No open alerts.\nClosed this week: Apollo Contacts (28 Nov, figures reset on 29 Nov)',
  );
});

test.each(['tomorrow', 'monday', 'until-reset', 'until-total-changes'] as const)(
  'a snooze %s of the old period hides nothing of the new one',
  async (choice) => {
    // A Saturday: all of them would last until the next period has begun.
    const pipeline = await alerted(ROUTES, '2026-11-28T09:00:00Z');
    await pipeline.actions.snooze({
      account: 'default',
      on: { meterId: await pipeline.meterId('apollo_contacts') },
      by: slackUser('U0ANNA'),
      choice,
    });
    await after(pipeline, '2026-11-28T10:00:00Z', apollo(3));
    pipeline.news();
    await pipeline.goTo('2026-11-28T11:00:00Z');
    await pipeline.push([apollo(1000)]);
    expect(pipeline.news()).toEqual([expect.stringMatching(/^🔴 Apollo Contacts is used up/)]);
    expect(pipeline.messages.at(-1)?.text).not.toContain('Snoozed');
  },
);

test('a snooze until the reset ends with the period, and says nothing of figures that are of the old one', async () => {
  const pipeline = await alerted(ROUTES + SOURCE);
  const on = { meterId: await pipeline.meterId('apollo_contacts') };
  await pipeline.actions.snooze({ account: 'default', on, by: slackUser('U0ANNA'), choice: 'until-reset' });
  await pipeline.settle();
  pipeline.news();
  await pipeline.goTo('2026-12-01T07:00:00Z');
  expect(pipeline.news().filter((text) => text.includes('Apollo Contacts is still'))).toEqual([]);
  await pipeline.push([apollo(850)]);
  await pipeline.goTo('2026-12-01T08:00:00Z');
  await pipeline.push([apollo(1000)]);
  expect(pipeline.news().filter((text) => text.startsWith('🔴 Apollo Contacts is'))).toEqual([
    expect.stringContaining('Apollo Contacts is used up'),
  ]);
});
