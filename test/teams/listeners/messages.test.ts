import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Message } from '../../../src/core/text/message.ts';
import { richText } from '../../../src/core/text/rich-text.ts';
import { toRequesterAlone, type Requester, type Chat } from '../../../src/ports/inbound/chat.ts';
import { StoreUnavailable } from '../../../src/ports/stores/store-errors.ts';
import { answering } from '../../support/chat.ts';
import { sentence } from '../../support/slack/adapter.ts';
import { ANNA, BOT, CHANNEL, CHAT, inChannel, inGroup, mentioning, slash, typed } from '../../support/teams/activities.ts';
import type { TeamsMessage } from '../../support/teams/fake-teams.ts';
import { emptyStore, startTeamsAdapter, quickClock } from '../../support/teams/adapter.ts';
import { teamsUser } from '../../support/people.ts';

/** A chat that repeats what it understood, and remembers who asked. */
function repeating() {
  const requesters: Requester[] = [];
  const chat = answering(async (text, requester) => {
    requesters.push(requester);
    return sentence(`asked: "${text}" as ${requester.invokedAs}`);
  });
  return { chat, requesters };
}

/** What takes as long as the test wants. */
function holding(): { readonly held: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  return { held, release: () => release() };
}

test('a mention in a thread is answered in that thread, for all who read there', async () => {
  const { chat, requesters } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  await send(mentioning(teams.serviceUrl, 'usage apollo', inChannel(CHANNEL, '17')));
  const answer = await teams.arrival();
  expect(answer).toMatchObject({
    conversation: `${CHANNEL};messageid=17`,
    onlyFor: null,
    text: 'asked: "apollo" as @Creditwatch usage',
    summary: 'asked: "apollo" as @Creditwatch usage',
  });
  expect(requesters[0]).toMatchObject({
    account: 'default',
    person: teamsUser(ANNA.aadObjectId),
    place: { kind: 'teams', address: CHANNEL },
    direct: false,
  });
});

test('what is typed in a personal chat is answered there', async () => {
  const { chat, requesters } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  await send(typed(teams.serviceUrl, 'USAGE\u00A0'));
  expect(await teams.arrival(CHAT)).toMatchObject({ onlyFor: null, text: 'asked: "" as usage' });
  expect(requesters[0]).toMatchObject({ place: { kind: 'teams', address: CHAT }, direct: true });
});

test.each([
  ['a channel', inChannel()],
  ['a group chat', inGroup()],
])('/usage in %s is answered to the asker alone', async (_where, place) => {
  const { chat } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  await send(slash(teams.serviceUrl, '/usage check campaigns 50k', place));
  expect(await teams.arrival()).toMatchObject({ onlyFor: ANNA.id, text: 'asked: "check campaigns 50k" as /usage' });
});

test('where Teams takes no message for one reader, /usage is answered in the chat with the asker, and never openly', async () => {
  const { chat } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  await send(slash(teams.serviceUrl, 'usage'));
  expect(await teams.arrival()).toMatchObject({ conversation: `a:chat-with-${ANNA.id}`, text: 'asked: "" as /usage' });
  expect(teams.messages(CHANNEL)).toEqual([]);
});

test('where neither can be done, nothing is said openly, and the log says why', async () => {
  const { chat } = repeating();
  const { send, teams, log } = await startTeamsAdapter({ chat });
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  teams.always('chat', { kind: 'refused', status: 403, code: 'ForbiddenOperationException' });
  await send(slash(teams.serviceUrl, 'usage'));
  await expect.poll(() => log.text()).toContain('Teams private reply failed');
  expect(teams.posts.all).toEqual([]);
});

test('an answer for one reader that Teams did not confirm is not given twice', async () => {
  const { chat } = repeating();
  const { send, teams, log } = await startTeamsAdapter({ chat });
  teams.script('whisper', [{ kind: 'drop', accepted: true }]);
  await send(slash(teams.serviceUrl, 'usage'));
  await expect.poll(() => log.text()).toContain('Teams private reply not confirmed');
  expect(teams.posts.all).toHaveLength(1);
});

const SHAREABLE: Message = {
  ...sentence('All is well.'),
  buttons: [
    { action: 'share', label: 'Share to channel', value: '' },
    { action: 'show', label: 'Details', value: 'details' },
  ],
};
const buttonsOf = ({ card }: TeamsMessage) =>
  z
    .array(z.object({ title: z.string() }))
    .parse(card['actions'])
    .map(({ title }) => title);

test.each<[string, object, readonly string[]]>([
  ['what everybody in a channel reads', mentioning('', 'usage'), ['Details']],
  ['what everybody in a group chat reads', mentioning('', 'usage', inGroup()), ['Details']],
  ['what only the asker reads in a channel', slash('', '/usage'), ['Share to channel', 'Details']],
  ['what only the asker reads in a group chat', slash('', '/usage', inGroup()), ['Share to channel', 'Details']],
])('%s has "Share to channel" only where others do not see it', async (_what, activity, labels) => {
  const { send, teams } = await startTeamsAdapter({ chat: answering(async () => SHAREABLE) });
  await send({ ...activity, serviceUrl: teams.serviceUrl });
  expect(buttonsOf(await teams.arrival())).toEqual(labels);
});

test('an answer that comes in the chat with the asker has no channel to be shared with', async () => {
  const { send, teams } = await startTeamsAdapter({ chat: answering(async () => SHAREABLE) });
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  await send(slash(teams.serviceUrl, '/usage'));
  const answer = await teams.arrival();
  expect([answer.conversation, buttonsOf(answer)]).toEqual([`a:chat-with-${ANNA.id}`, ['Details']]);
});

/** A room whose chat refuses whatever is asked. */
function refusing() {
  const message = sentence('Rules are changed by Olga.');
  return startTeamsAdapter({ chat: { ...repeating().chat, answer: async () => toRequesterAlone(message) } });
}

test.each([
  ['a channel', inChannel(CHANNEL, '17')],
  ['a group chat', inGroup()],
])('what is refused to somebody who asked openly in %s is told to them alone', async (_where, place) => {
  const { send, teams } = await refusing();
  await send(mentioning(teams.serviceUrl, 'usage subscribe all', place));
  expect(await teams.arrival()).toMatchObject({ onlyFor: ANNA.id, text: 'Rules are changed by Olga.' });
  expect(teams.calls.all.map(({ method }) => method)).toEqual(['member', 'whisper']);
});

test('where Teams takes no message for one reader, it is told in the chat with them, and in the thread no more than that', async () => {
  const { send, teams } = await refusing();
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  await send(mentioning(teams.serviceUrl, 'usage subscribe all', inChannel(CHANNEL, '17')));
  expect((await teams.arrival(`a:chat-with-${ANNA.id}`)).text).toBe('Rules are changed by Olga.');
  expect(await teams.arrival(CHANNEL)).toMatchObject({
    conversation: `${CHANNEL};messageid=17`,
    text: 'I answered you in a direct message.',
  });
  expect(teams.posts.all).toHaveLength(2);
});

test('where it can be told nowhere, the thread says how it can, and not what', async () => {
  const { send, teams } = await refusing();
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  teams.always('chat', { kind: 'refused', status: 403, code: 'ForbiddenOperationException' });
  await send(mentioning(teams.serviceUrl, 'usage subscribe all'));
  expect((await teams.arrival(CHANNEL)).text).toBe(
    'The answer is only for you, and I could not send you a direct message. Add Creditwatch to your chats and ask me there.',
  );
  expect(teams.posts.all).toHaveLength(1);
});

test('a refusal that Teams did not confirm is followed by nothing in the open', async () => {
  const { send, teams, log } = await refusing();
  teams.script('whisper', [{ kind: 'drop', accepted: true }]);
  await send(mentioning(teams.serviceUrl, 'usage subscribe all'));
  await expect.poll(() => log.text()).toContain('Teams private reply not confirmed');
  expect(teams.posts.all).toMatchObject([{ onlyFor: ANNA.id }]);
});

test('a form that somebody asked for openly comes to them alone, and where that is in their chat, the thread says so', async () => {
  const form = {
    id: 'import',
    title: 'Paste usage page',
    submit: 'Take the figures',
    fields: [{ name: 'text', kind: 'paragraph' as const, label: 'The usage page' }],
  };
  const { send, teams } = await startTeamsAdapter({
    chat: { ...repeating().chat, answer: async () => ({ kind: 'form', form, message: sentence('otherwise') }) },
  });
  teams.script('whisper', [{ kind: 'ok' }, { kind: 'refused', status: 400, code: 'BadArgument' }]);
  await send(mentioning(teams.serviceUrl, 'usage import'));
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: ANNA.id, summary: 'Paste usage page' });
  await send(mentioning(teams.serviceUrl, 'usage import'));
  expect((await teams.arrival(CHANNEL)).text).toBe('I answered you in a direct message.');
  expect((await teams.arrival(`a:chat-with-${ANNA.id}`)).summary).toBe('Paste usage page');
});

test('what is refused in one’s own chat is told there', async () => {
  const { send, teams } = await refusing();
  await send(typed(teams.serviceUrl, 'usage subscribe all'));
  expect(await teams.arrival(CHAT)).toMatchObject({ onlyFor: null, text: 'Rules are changed by Olga.' });
});

test.each([
  [
    'split in two',
    {
      text: '<at>Credit</at><at>watch</at> usage',
      entities: ['Credit', 'watch'].map((part) => ({ type: 'mention', text: `<at>${part}</at>`, mentioned: BOT })),
    },
    '',
  ],
  ['alone', { text: '<at>Creditwatch</at>', entities: [{ type: 'mention', text: '<at>Creditwatch</at>', mentioned: BOT }] }, ''],
  [
    'followed by what nobody knows',
    { text: '<at>Creditwatch</at> frobnicate', entities: [{ type: 'mention', text: '<at>Creditwatch</at>', mentioned: BOT }] },
    'frobnicate',
  ],
])('a mention that is %s is answered', async (_what, fields, understood) => {
  const { chat } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  await send(typed(teams.serviceUrl, '', { ...inChannel(), ...fields }));
  expect((await teams.arrival()).text).toBe(`asked: "${understood}" as @Creditwatch usage`);
});

test('a card of somebody else that was submitted without a text gets the help, not silence', async () => {
  const { chat } = repeating();
  const { send, teams } = await startTeamsAdapter({ chat });
  const { text: _none, ...submitted } = typed(teams.serviceUrl, '');
  await send({ ...submitted, value: { theirs: true } });
  expect((await teams.arrival()).text).toBe('asked: "help" as usage');
});

test('a button submitted by a client without universal actions does the same, and is answered to whoever pressed', async () => {
  const pressed: unknown[] = [];
  const chat: Chat = {
    ...repeating().chat,
    clickButton: async (press) => (
      pressed.push(press),
      { kind: 'message', message: sentence('Somebody is already on it.'), to: 'requester' }
    ),
  };
  const { send, teams } = await startTeamsAdapter({ chat });
  const { text: _none, ...submitted } = typed(teams.serviceUrl, '', inChannel());
  await send({ ...submitted, value: { creditwatch: 'press', action: 'acknowledge', value: 'alert-1' } });
  expect(await teams.arrival()).toMatchObject({ onlyFor: ANNA.id, text: 'Somebody is already on it.' });
  expect(pressed).toEqual([{ creditwatch: 'press', action: 'acknowledge', value: 'alert-1' }]);
});

test.each([
  ['the database is away', new StoreUnavailable(null), 'Figures are temporarily unavailable; alerts are kept. Try again in a minute.'],
  ['a command fails', new Error('a fault'), 'That did not work. The log of Creditwatch says why. Alerts are kept.'],
])('says so when %s', async (_what, error, expected) => {
  const { send, teams } = await startTeamsAdapter({ chat: answering(() => Promise.reject(error)) });
  await send(typed(teams.serviceUrl, 'usage'));
  expect((await teams.arrival()).text).toBe(expected);
});

test('says within three seconds that figures are unavailable when nothing answers', async () => {
  const { held, release } = holding();
  const clock = quickClock();
  const { send, teams } = await startTeamsAdapter({ chat: answering(() => held.then(() => sentence('Late.'))), clock });
  onTestFinished(release);
  await send(typed(teams.serviceUrl, 'usage'));
  expect((await teams.arrival(CHAT)).text).toMatch(/^Figures are temporarily unavailable/);
  expect(clock.asked[0]).toBe(2500);
});

test('whoever waits longer is told so alone, and gets the answer when it comes', async () => {
  const { held, release } = holding();
  const { send, teams } = await startTeamsAdapter({
    chat: answering(() => held.then(() => sentence('All is well.'))),
    clock: quickClock(),
  });
  await send(slash(teams.serviceUrl, '/usage'));
  expect(await teams.arrival(CHANNEL)).toMatchObject({
    onlyFor: ANNA.id,
    text: expect.stringMatching(/^Figures are temporarily unavailable/),
  });
  release();
  expect(await teams.arrival(CHANNEL)).toMatchObject({ onlyFor: ANNA.id, text: 'All is well.' });
});

test('a database that is too slow to keep who asked keeps nobody waiting for longer', async () => {
  const { held, release } = holding();
  const { send, teams } = await startTeamsAdapter({
    chat: repeating().chat,
    store: { ...emptyStore(), rememberName: () => held },
    clock: quickClock(),
  });
  onTestFinished(release);
  await send(typed(teams.serviceUrl, 'usage'));
  expect((await teams.arrival(CHAT)).text).toMatch(/^Figures are temporarily unavailable/);
});

test('once the database is back, whoever asked meanwhile gets the answer', async () => {
  let asked = 0;
  const { send, teams } = await startTeamsAdapter({
    chat: answering(async () => ((asked += 1) === 1 ? Promise.reject(new StoreUnavailable(null)) : sentence('All is well.'))),
  });
  await send(typed(teams.serviceUrl, 'usage'));
  expect((await teams.arrival(CHAT)).text).toMatch(/^Figures are temporarily unavailable/);
  expect((await teams.arrival(CHAT)).text).toBe('All is well.');
});

test('an answer that Teams refuses is logged, and nothing else happens', async () => {
  const { chat } = repeating();
  const { send, teams, log } = await startTeamsAdapter({ chat });
  teams.always('post', { kind: 'refused', status: 403, code: 'BotNotInConversationRoster' });
  await send(typed(teams.serviceUrl, 'usage'));
  await expect.poll(() => log.text()).toContain('Teams reply failed');
  expect(teams.calls.all.map(({ method }) => method)).toEqual(['member', 'post']);
});

test('a hostile name is shown as it is, and calls nobody', async () => {
  const name = '*x* [a](https://b) <at>Tom</at> {{DATE(2020-01-01T00:00:00Z)}} `c` <b>';
  const { send, teams } = await startTeamsAdapter({
    chat: answering(async () => ({ ...sentence('Figures'), lines: [richText`${name}`] })),
  });
  await send(typed(teams.serviceUrl, 'usage'));
  const { text, card } = await teams.arrival();
  expect(text.replaceAll('\u2060', '')).toContain(name);
  expect(JSON.stringify(card)).not.toContain('{{');
  expect(card['msteams']).toEqual({ width: 'full' });
});
