import { createQueries } from '../../../src/queries/queries.ts';
import { describe, expect, test } from 'vitest';
import { createChat } from '../../../src/commands/chat.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import type { Chat } from '../../../src/ports/inbound/chat.ts';
import { requesterIn, changesNothing, messageOf } from '../../support/chat.ts';
import { startPipeline, type Pipeline } from '../../support/pipeline.ts';
import { slackUser } from '../../support/people.ts';

const ROUTE = 'timezone: Europe/Berlin\nroutes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n';

async function alerted(more = '', used = 850): Promise<{ pipeline: Pipeline; chat: Chat; alertId: string }> {
  const pipeline = await startPipeline(`${ROUTE}${more}`, '2026-11-02T09:00:00Z');
  await pipeline.push([{ meter: 'leads', used, total: 1000 }]);
  const told = await pipeline.store.lastNotified('default');
  if (told?.kind !== 'alert') throw new Error('no alert was told');
  const clock = { now: () => pipeline.now(), sleep: () => Promise.resolve() };
  const chat = createChat({
    ...changesNothing,
    queries: createQueries({ store: pipeline.store, clock }),
    actions: pipeline.actions,
    subscriptions: pipeline.subscriptions,
    clock,
  });
  return { pipeline, chat, alertId: told.alertId };
}

describe("pressing I'm on it", () => {
  test('says nothing, for the message shows it; the second to press is told who was first', async () => {
    const { chat, alertId, pipeline } = await alerted();
    const press = (user: string) =>
      chat.clickButton({ action: 'acknowledge', value: alertId }, requesterIn('default', { person: slackUser(user) }));
    expect(await press('U0ANNA')).toEqual({ kind: 'done' });
    expect(plainMessage(messageOf(await press('U0TOM')), { timeZone: 'Europe/Berlin', now: pipeline.now() })).toBe(
      '@U0ANNA is already on it (10:00).',
    );
  });

  test.each(['', 'nothing', '00000000-0000-0000-0000-000000000000', "'; DROP TABLE alert; --"])(
    'of an alert that is not there (%j) says that it is closed',
    async (value) => {
      const { chat } = await alerted();
      const reply = await chat.clickButton({ action: 'acknowledge', value }, requesterIn('default'));
      expect(plainMessage(messageOf(reply), { timeZone: 'UTC', now: new Date(0) })).toBe('This alert is closed.');
    },
  );

  test('changes nothing for somebody of another account', async () => {
    const { chat, alertId, pipeline } = await alerted();
    await chat.clickButton({ action: 'acknowledge', value: alertId }, requesterIn('other', { person: slackUser('U0EVE') }));
    await pipeline.settle();
    expect(pipeline.messages[0]?.edits).toBe(0);
  });
});

describe('pressing Snooze', () => {
  test('is quiet until tomorrow morning and offers the other choices, each of which replaces it', async () => {
    const { chat, alertId, pipeline } = await alerted();
    const first = messageOf(
      await chat.clickButton({ action: 'snooze', value: alertId }, requesterIn('default', { person: slackUser('U0ANNA') })),
    );
    expect(plainMessage(first, { timeZone: 'Europe/Berlin', now: pipeline.now() })).toBe(
      'Snoozed until 3 Nov 09:00. You will still hear if it gets worse.',
    );
    expect(first.buttons?.map(({ label }) => label)).toEqual([
      'Undo snooze',
      'Until Monday morning',
      'Until the reset',
      'Until the total changes',
    ]);
    const button = first.buttons?.[3];
    await chat.clickButton({ action: 'snooze', value: button?.value ?? '' }, requesterIn('default', { person: slackUser('U0ANNA') }));
    await pipeline.settle();
    expect(pipeline.messages.at(0)?.text).toMatch(/Snoozed by @U0ANNA until the total changes. You will still hear if it gets worse.$/);
  });
});

describe('taking a snooze back where it was pressed', () => {
  const pressed = async (told: Awaited<ReturnType<typeof alerted>>, value: string, user = 'U0ANNA') =>
    plainMessage(messageOf(await told.chat.clickButton({ action: 'snooze', value }, requesterIn('default', { person: slackUser(user) }))), {
      timeZone: 'Europe/Berlin',
      now: told.pipeline.now(),
    });

  test('edits the message back without ringing anybody, in the answer and at the message alike; a second time says that it is not snoozed', async () => {
    const told = await alerted();
    const { pipeline, alertId } = told;
    const before = pipeline.messages[0]?.text;
    for (const user of ['U0ANNA', 'U0TOM']) {
      const answer = messageOf(
        await told.chat.clickButton({ action: 'snooze', value: alertId }, requesterIn('default', { person: slackUser('U0ANNA') })),
      );
      await pipeline.settle();
      expect(pipeline.messages[0]?.buttons).toContain('End snooze');
      const undo = answer.buttons?.find((one) => one.label === 'Undo snooze');
      expect(await pressed(told, undo?.value ?? '', user)).toBe('The snooze has ended. Alerts for this meter are on again.');
      await pipeline.settle();
      expect(pipeline.messages).toMatchObject([{ text: before }]);
      expect(pipeline.messages[0]?.buttons).toContain('Snooze');
    }
    expect(await pressed(told, `${alertId} off`)).toBe('This meter is not snoozed.');
    expect(await pressed(told, '00000000-0000-0000-0000-000000000000 off')).toBe('This alert is closed.');
    await pipeline.goTo('2026-11-03T09:00:00Z');
    expect(pipeline.messages.filter(({ text }) => text.includes('Leads'))).toHaveLength(1);
  });

  test('says what was held back meanwhile', async () => {
    const told = await alerted('rules:\n  - { kind: threshold, levels: [80%, 90%, 100%] }\n');
    const { pipeline, alertId } = told;
    await told.chat.clickButton({ action: 'snooze', value: alertId }, requesterIn('default'));
    await pipeline.goTo('2026-11-02T10:00:00Z');
    await pipeline.push([{ meter: 'leads', used: 910, total: 1000 }]);
    pipeline.news();
    await pressed(told, `${alertId} off`);
    await pipeline.goTo('2026-11-02T10:01:00Z');
    expect(pipeline.news()).toEqual([expect.stringMatching(/^🟠 Leads is still at 91%/)]);
  });
});

describe('a snooze promises that a worse level comes through', () => {
  const PROMISE = /You will still hear if it gets worse/i;
  test.each([
    ['the usual levels', '', 850, true],
    ['the usual levels', '', 1000, false],
    ['one level of one', 'rules:\n  - { kind: threshold, levels: [80%] }\n', 850, false],
    ['two levels as bad as each other', 'rules:\n  - { kind: threshold, levels: [80%, 90%] }\n', 850, false],
    ['the first of two', 'rules:\n  - { kind: threshold, levels: [50%, 80%] }\n', 550, true],
    ['a last level beyond 100%', 'rules:\n  - { kind: threshold, levels: [100%, 120%] }\n', 1050, false],
    ['an amount that is a notice', 'rules:\n  - { kind: threshold, levels: [{ used: 500, severity: notice }] }\n', 850, true],
  ])('only where the rules know one: %s, %j, at %i: %s', async (_what, rules, used, isPromised) => {
    const { pipeline, chat, alertId } = await alerted(rules, used);
    const snoozed = messageOf(await chat.clickButton({ action: 'snooze', value: alertId }, requesterIn('default')));
    expect(PROMISE.test(plainMessage(snoozed, { timeZone: 'UTC', now: pipeline.now() }))).toBe(isPromised);
    const requested = await chat.clickButton({ action: 'request', value: `${alertId} plan` }, requesterIn('default'));
    expect(PROMISE.test(plainMessage(messageOf(requested), { timeZone: 'UTC', now: pipeline.now() }))).toBe(isPromised);
    await pipeline.settle();
    await chat.clickButton({ action: 'snooze', value: `${alertId} monday` }, requesterIn('default'));
    await pipeline.settle();
    expect(PROMISE.test(pipeline.messages.at(-1)?.text ?? '')).toBe(isPromised);
  });
});

describe('pressing Share', () => {
  test('gives everybody in the channel what the asker saw', async () => {
    const { chat } = await alerted();
    const shown = await chat.clickButton({ action: 'show', value: 'leads' }, requesterIn('default'));
    expect(shown).toMatchObject({ kind: 'message', to: 'requester' });
    const message = shown.kind === 'message' ? shown.message : null;
    expect(await chat.clickButton({ action: 'share', value: 'leads' }, requesterIn('default'))).toEqual({
      kind: 'message',
      message,
      to: 'everybody',
    });
    expect(await chat.clickButton({ action: 'share', value: 'nobody knows it' }, requesterIn('default'))).toMatchObject({ to: 'alone' });
  });
});
