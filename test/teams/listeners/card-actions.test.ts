import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Form } from '../../../src/core/text/form.ts';
import { mention, richText } from '../../../src/core/text/rich-text.ts';
import type { Message } from '../../../src/core/text/message.ts';
import type { Chat, Reply } from '../../../src/ports/inbound/chat.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { answering } from '../../support/chat.ts';
import { sentence } from '../../support/slack/adapter.ts';
import { ANNA, CHANNEL, CHAT, mentioning, pressed, TOM, typed } from '../../support/teams/activities.ts';
import { cardProblems, shownOn } from '../../support/teams/card-rules.ts';
import type { TeamsMessage } from '../../support/teams/fake-teams.ts';
import { quickClock, startTeamsAdapter, type AdapterSetup } from '../../support/teams/adapter.ts';
import { teamsUser } from '../../support/people.ts';
import { belowText, POSTED_BELOW } from '../../../src/messages/platforms/teams-toasts.ts';

const ALERT: Message = {
  ...sentence('🟠 Apollo reached 80%'),
  buttons: [
    { action: 'acknowledge', label: "I'm on it", value: 'alert-1', primary: true },
    { action: 'show', label: 'Details', value: 'apollo' },
  ],
};

const answerSchema = z.object({ statusCode: z.number(), type: z.string(), value: z.unknown() });

/** A room with a card that stands in a thread of a channel, or in a chat. */
async function withCard(chat: Partial<Chat>, setup: Partial<AdapterSetup> = {}, where: 'channel' | 'chat' = 'channel') {
  const started = await startTeamsAdapter({ chat: { ...answering(async () => ALERT), ...chat }, ...setup });
  await started.send(where === 'channel' ? mentioning(started.teams.serviceUrl, 'usage') : typed(started.teams.serviceUrl, 'usage'));
  const card = await started.teams.arrival();
  const press = async (label: string, fields: Readonly<Record<string, unknown>> = {}, on: TeamsMessage = card) => {
    const response = await started.send(pressed(started.teams.serviceUrl, on, label, fields));
    return answerSchema.parse(await response.json());
  };
  return { ...started, card, press };
}

const reply = (message: Message, to: 'requester' | 'everybody' = 'requester'): Reply => ({ kind: 'message', message, to });

test('a press is answered at once with the card as it is now, to whoever pressed', async () => {
  const now = { ...ALERT, lines: [richText`${mention(teamsUser(ANNA.aadObjectId))} is on it, 14:09`] };
  const asked: unknown[] = [];
  const currentMessage = async (account: string, ref: string) => (
    asked.push([account, ref]),
    { message: now, severity: 'warning' as const }
  );
  const { press, card } = await withCard({ clickButton: async () => ({ kind: 'done' }) }, { currentMessage });
  const { statusCode, type, value } = await press("I'm on it");
  expect([statusCode, type]).toEqual([200, 'application/vnd.microsoft.card.adaptive']);
  const shown = z.record(z.string(), z.unknown()).parse(value);
  expect(cardProblems(shown)).toEqual([]);
  expect(shownOn(shown)).toBe('🟠 Apollo reached 80%\nsomebody is on it, 14:09');
  expect(asked).toEqual([['default', `${card.conversation};${card.id}`]]);
});

test('whoever comes second is told by whom it is taken, and nobody else sees that', async () => {
  const { press, teams } = await withCard({
    clickButton: async () => reply({ ...sentence('x'), title: richText`${mention(teamsUser(TOM.aadObjectId))} is already on it (14:09).` }),
  });
  expect(await press("I'm on it")).toEqual({
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: '@someone is already on it (14:09).',
  });
  expect(teams.posts.all).toHaveLength(1);
});

test('an old card whose alert is over is refused, privately', async () => {
  const { press, teams } = await withCard({ clickButton: async () => reply(sentence('This alert is closed.')) });
  expect(await press("I'm on it")).toMatchObject({ statusCode: 200, value: 'This alert is closed.' });
  expect(teams.posts.all).toHaveLength(1);
});

test('a longer answer comes as a message that only whoever pressed sees', async () => {
  const { press, teams } = await withCard({ clickButton: async () => reply({ ...sentence('Apollo'), lines: [richText`196,588 left`] }) });
  expect(await press('Details', { from: TOM })).toMatchObject({ value: belowText('answer', false) });
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Apollo\n196,588 left' });
});

test('an answer for everybody stands in the thread', async () => {
  const { press, teams, card } = await withCard({ clickButton: async () => reply(sentence('Apollo: 80%'), 'everybody') });
  expect(await press('Details')).toMatchObject({ value: POSTED_BELOW });
  expect(await teams.arrival(CHANNEL)).toMatchObject({ conversation: card.conversation, onlyFor: null, text: 'Apollo: 80%' });
});

test.each([
  ['the database is away', new StoreUnavailable(null), /^Figures are temporarily unavailable/],
  ['it fails', new Error('a fault'), /^That did not work/],
])('a press is answered when %s', async (_what, error, expected) => {
  const { press } = await withCard({ clickButton: () => Promise.reject(error) });
  expect(await press("I'm on it")).toMatchObject({
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: expect.stringMatching(expected),
  });
});

test('a press that takes longer is answered in time, and what comes of it is for whoever pressed', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { press, teams } = await withCard({ clickButton: () => held.then(() => reply(sentence('Snoozed.'))) }, { clock: quickClock() });
  expect(await press("I'm on it", { from: TOM })).toMatchObject({
    type: 'application/vnd.microsoft.activity.message',
    value: expect.stringMatching(/^Figures are temporarily unavailable/),
  });
  release();
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: TOM.id, text: 'Snoozed.' });
});

test('what is no button of ours is refused', async () => {
  const { send, teams } = await withCard({});
  const forged = {
    ...typed(teams.serviceUrl, ''),
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', data: { creditwatch: 'press', action: 'drop-table', value: 'x' } } },
  };
  expect(await (await send(forged)).json()).toMatchObject({ statusCode: 400, type: 'application/vnd.microsoft.error' });
});

const FORM: Form = {
  id: 'import',
  title: 'Paste usage page',
  submit: 'Take the figures',
  fields: [
    { name: 'text', kind: 'paragraph', label: 'The usage page', hint: 'Copy everything' },
    { name: 'vendor', kind: 'choice', label: 'Vendor', optional: true, choices: [{ label: 'Abmatic', value: 'abmatic' }] },
  ],
};

test('a form is a card with fields, for whoever asked; what is wrong stands above the field, and its answer takes its place', async () => {
  const submitted: unknown[] = [];
  const { press, teams } = await withCard(
    {
      clickButton: async () => ({ kind: 'form', form: FORM, message: sentence('otherwise') }),
      submit: async (one) => (
        submitted.push(one),
        submitted.length === 1 ? { kind: 'invalid', problems: { text: 'No figures in it' } } : reply(sentence('✅ 6 figures taken.'))
      ),
    },
    {},
    'chat',
  );
  expect(await press('Details')).toMatchObject({ value: belowText('form', true) });
  const form = await teams.arrival(CHAT);
  expect(form.text).toBe('Paste usage page\nThe usage page\nCopy everything\nVendor');

  const again = await press('Take the figures', { inputs: { text: 'hello', vendor: '' } }, form);
  const card = z.record(z.string(), z.unknown()).parse(again.value);
  expect(cardProblems(card)).toEqual([]);
  expect(shownOn(card)).toContain('⚠️ No figures in it');
  expect(JSON.stringify(card)).toContain('"value":"hello"');

  const done = await press('Take the figures', { inputs: { text: '1/2 used' } }, form);
  expect(shownOn(z.record(z.string(), z.unknown()).parse(done.value))).toBe('✅ 6 figures taken.');
  expect(submitted).toEqual([
    { form: 'import', values: { text: 'hello', vendor: '' } },
    { form: 'import', values: { text: '1/2 used' } },
  ]);
  expect(form.text).toBe('✅ 6 figures taken.');
});
