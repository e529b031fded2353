import { describe, expect, it, onTestFinished } from 'vitest';
import { mention, richText } from '../../src/core/text/rich-text.ts';
import type { Messenger, SendRequest } from '../../src/ports/outbound/messenger.ts';
import { err, ok } from '../../src/core/result.ts';
import type { TokenFailure } from '../../src/teams/auth/verify-request.ts';
import { createConnector } from '../../src/teams/api/connector.ts';
import { createTeamsMessenger, type MessengerOptions } from '../../src/teams/messenger.ts';
import { ManualClock } from '../support/slack/manual-clock.ts';
import { afterFiveSeconds } from '../support/five-seconds.ts';
import { closedPort } from '../support/ports.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { sentence } from '../support/slack/adapter.ts';
import { ANNA, CHANNEL, CHAT } from '../support/teams/activities.ts';
import { startFakeTeams, type FakeTeams, type TeamsBehaviour } from '../support/teams/fake-teams.ts';
import { knownConversations } from '../support/teams/known-conversations.ts';
import { slackUser, teamsUser } from '../support/people.ts';
import { credentialsRejected, noToken } from '../../src/messages/platforms/teams-errors.ts';

const TOKEN = 'the-bearer-token-of-the-tests';
const GROUP = '19:group@thread.v2';

async function prepare(options: Partial<MessengerOptions> = {}): Promise<{ teams: FakeTeams; messenger: Messenger; clock: ManualClock }> {
  const teams = await startFakeTeams();
  onTestFinished(teams.close);
  const { serviceUrl } = teams;
  const clock = new ManualClock();
  const store = knownConversations(
    [
      { id: CHANNEL, serviceUrl },
      { id: GROUP, serviceUrl, scope: 'groupChat' },
      { id: CHAT, serviceUrl, scope: 'personal', person: ANNA.aadObjectId },
    ],
    { [ANNA.aadObjectId]: ANNA.name },
  );
  const connector = createConnector({ check: async () => ok(undefined), token: async () => ok(TOKEN) }, '28:bot');
  return {
    teams,
    clock,
    messenger: createTeamsMessenger({ connector, store, timeZoneOf: () => 'UTC', home: null, clock, log: recordedLog(), ...options }),
  };
}

function alert(fields: Partial<SendRequest> = {}): SendRequest {
  return {
    address: CHANNEL,
    place: { kind: 'new' },
    message: sentence('Apollo Contacts reached 80%'),
    severity: 'warning',
    deliveryId: 'delivery-1',
    possibleDuplicate: false,
    ...fields,
  };
}

describe('where a message goes', () => {
  it('begins a thread in a channel, replies in it and edits its first message', async () => {
    const { messenger, teams } = await prepare();
    const sent = await messenger.send(alert());
    const root = await teams.arrival(CHANNEL);
    expect(sent).toEqual({ outcome: 'sent', messageRef: `${root.conversation};${root.id}` });
    expect(root.conversation).toBe(`${CHANNEL};messageid=${root.id}`);
    expect(root.summary).toBe('Apollo Contacts reached 80%');
    const messageRef = 'messageRef' in sent ? sent.messageRef : '';

    expect(await messenger.send(alert({ place: { kind: 'edit', messageRef }, message: sentence('fine again') }))).toEqual({
      outcome: 'sent',
      messageRef,
    });
    expect(root).toMatchObject({ text: 'fine again', summary: 'fine again', edits: 1 });
    const replied = await messenger.send(alert({ place: { kind: 'reply', messageRef }, message: sentence('topped up') }));
    const reply = await teams.posts.next(({ text }) => text === 'topped up');
    expect(reply.conversation).toBe(root.conversation);
    expect(replied).toEqual({ outcome: 'sent', messageRef: `${root.conversation};${reply.id}` });
    expect(teams.calls.all.map(({ method, authorization }) => [method, authorization])).toEqual([
      ['begin', `Bearer ${TOKEN}`],
      ['edit', `Bearer ${TOKEN}`],
      ['post', `Bearer ${TOKEN}`],
    ]);
  });

  it('posts into a group chat and the chat with a person, by its id or by theirs', async () => {
    const { messenger, teams } = await prepare();
    for (const address of [GROUP, CHAT, ANNA.aadObjectId]) await messenger.send(alert({ address }));
    expect(teams.posts.all.map(({ conversation }) => conversation)).toEqual([GROUP, CHAT, CHAT]);
  });

  it('takes an address for the conversation that it is, even when it looks like a person', async () => {
    const teams = await startFakeTeams();
    onTestFinished(teams.close);
    const id = '007a7c32-a4b3-4d3f-85c0-d1dd0379bb42';
    const { messenger } = await prepare({
      store: knownConversations([{ id, serviceUrl: teams.serviceUrl, scope: 'personal', person: ANNA.aadObjectId }]),
    });
    expect((await messenger.send(alert({ address: id }))).outcome).toBe('sent');
    expect(teams.calls.all.map(({ method, conversation }) => [method, conversation])).toEqual([['post', id]]);
  });

  it('finds the chat with a person whatever their id looks like', async () => {
    const teams = await startFakeTeams();
    onTestFinished(teams.close);
    const { messenger } = await prepare({
      store: knownConversations([{ id: CHAT, serviceUrl: teams.serviceUrl, scope: 'personal', person: 'somebody-of-an-emulator' }]),
    });
    await messenger.send(alert({ address: 'somebody-of-an-emulator' }));
    expect(teams.posts.all.map(({ conversation }) => conversation)).toEqual([CHAT]);
  });

  it('opens the chat with a person who never wrote, and posts a channel that never wrote where Teams was last', async () => {
    const { messenger, teams } = await prepare({ home: { account: 'default', tenant: 'home' } });
    const person = '00000000-0000-0000-0000-0000000000ff';
    await messenger.send(alert({ address: person }));
    await messenger.send(alert({ address: '19:new@thread.tacv2' }));
    expect(teams.posts.all.map(({ conversation }) => conversation)).toEqual([
      `a:chat-with-${person}`,
      expect.stringMatching(/^19:new@thread\.tacv2;messageid=/),
    ]);
    expect(teams.calls.all[0]?.body).toMatchObject({ members: [{ id: person }], tenantId: 'home' });
  });

  it('calls nobody where the bot was removed, or where an emulator never wrote from', async () => {
    const { messenger, teams } = await prepare({
      store: knownConversations([{ id: CHANNEL, serviceUrl: 'http://127.0.0.1:1/', removed: true }]),
    });
    expect(await messenger.send(alert())).toMatchObject({
      outcome: 'rejected',
      scope: 'destination',
      reason: 'Creditwatch was removed from that conversation',
    });
    expect(await messenger.send(alert({ address: '19:other@thread.tacv2' }))).toMatchObject({ outcome: 'rejected', scope: 'destination' });
    expect(teams.calls.all).toEqual([]);
  });

  it('names whom it mentions, so that they are notified, and nobody of another platform', async () => {
    const { messenger, teams } = await prepare();
    const title = richText`Apollo is used up ${mention(teamsUser(ANNA.aadObjectId))} ${mention(slackUser('U0SLACK'))}`;
    await messenger.send(alert({ message: { ...sentence('Apollo is used up'), title } }));
    const { card, text } = await teams.arrival();
    expect(text).toBe('Apollo is used up Anna Adams @U0SLACK');
    expect(card['msteams']).toEqual({
      width: 'full',
      entities: [{ type: 'mention', text: '<at>Anna Adams</at>', mentioned: { id: ANNA.aadObjectId, name: 'Anna Adams' } }],
    });
  });
});

it('keeps a pace of one message in two seconds in a conversation', async () => {
  expect((await prepare()).messenger.paceMs).toBe(2000);
});

describe('an answer of Teams that nobody knows', () => {
  it.each([
    [400, 'CodeOfNextYear'],
    [408, 'RequestTimeout'],
    [409, 'Conflict'],
    [422, 'SomethingElse'],
  ])('HTTP %i with the code %s is no reason to give an alert up', async (status, code) => {
    const { messenger, teams } = await prepare();
    teams.script('begin', [{ kind: 'refused', status, code }]);
    expect(await messenger.send(alert())).toEqual({
      outcome: 'retry',
      unfamiliar: true,
      reason: expect.stringContaining(`(HTTP ${status}, ${code})`),
    });
  });
});

describe('what an answer of Teams means', () => {
  const refused = (status: number, code: string, more: Partial<Extract<TeamsBehaviour, { kind: 'refused' }>> = {}): TeamsBehaviour => ({
    kind: 'refused',
    status,
    code,
    ...more,
  });

  it.each<[string, TeamsBehaviour, object]>([
    [
      '429 with Retry-After',
      refused(429, 'TooManyRequests', { retryAfterS: 17 }),
      { outcome: 'retry', afterMs: 17_000, reason: expect.stringContaining('HTTP 429') },
    ],
    ['429 without', refused(429, 'TooManyRequests'), { outcome: 'retry', reason: expect.stringContaining('HTTP 429') }],
    ['412', refused(412, 'PreconditionFailed'), { outcome: 'retry', reason: expect.stringContaining('HTTP 412') }],
    ['500', { kind: 'status', status: 500 }, { outcome: 'unknown', reason: expect.stringContaining('HTTP 500') }],
    ['502', { kind: 'status', status: 502 }, { outcome: 'unknown', reason: expect.stringContaining('HTTP 502') }],
    ['504', { kind: 'status', status: 504 }, { outcome: 'unknown', reason: expect.stringContaining('HTTP 504') }],
    ['a redirect', { kind: 'status', status: 302 }, { outcome: 'unknown', reason: expect.stringContaining('HTTP 302') }],
    ...[401, 403, 404, 407].map((status): [string, TeamsBehaviour, object] => [
      `a page of a proxy with ${String(status)}`,
      { kind: 'status', status },
      { outcome: 'retry', reason: expect.stringContaining(`HTTP ${String(status)}`) },
    ]),
    ['a sign-in page with 200', { kind: 'status', status: 200, body: '<!doctype html><p>Sign in' }, { outcome: 'unknown' }],
    ['half an answer', { kind: 'drop-answer' }, { outcome: 'unknown' }],
    ['401', refused(401, 'Unauthorized'), { outcome: 'rejected', scope: 'installation' }],
    [
      '403 BotNotInConversationRoster',
      refused(403, 'BotNotInConversationRoster'),
      {
        outcome: 'rejected',
        scope: 'destination',
        code: 'BotNotInConversationRoster',
        reason: expect.stringContaining('(HTTP 403, BotNotInConversationRoster)'),
      },
    ],
    [
      '403 ConversationBlockedByUser',
      refused(403, 'ConversationBlockedByUser'),
      {
        outcome: 'rejected',
        scope: 'destination',
        code: 'ConversationBlockedByUser',
        reason: expect.stringContaining('(HTTP 403, ConversationBlockedByUser)'),
      },
    ],
    [
      '403 with MessageWritesBlocked only in the details',
      refused(403, 'ForbiddenOperationException', { message: '{"subCode":"MessageWritesBlocked"}' }),
      {
        outcome: 'rejected',
        scope: 'destination',
        code: 'MessageWritesBlocked',
        reason: expect.stringContaining('(HTTP 403, MessageWritesBlocked)'),
      },
    ],
    [
      '403 of another kind',
      refused(403, 'SomethingElse'),
      { outcome: 'rejected', scope: 'destination', code: 'may-not-write', reason: expect.stringContaining('(HTTP 403, SomethingElse)') },
    ],
    [
      '400',
      refused(400, 'BadSyntax', { message: 'a secret of somebody' }),
      { outcome: 'rejected', scope: 'message', reason: expect.stringContaining('(HTTP 400, BadSyntax)') },
    ],
  ])('%s, after one call', async (_what, behaviour, expected) => {
    const { messenger, teams } = await prepare();
    teams.script('begin', [behaviour]);
    const outcome = await messenger.send(alert());
    expect(outcome).toMatchObject(expected);
    expect(teams.calls.all).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toMatch(/secret|bearer/i);
    if (!('afterMs' in expected)) expect(outcome).not.toHaveProperty('afterMs');
  });

  it('never calls again by itself what Teams failed at or left without an answer', async () => {
    const { messenger, teams } = await prepare();
    teams.always('begin', { kind: 'status', status: 503 });
    await messenger.send(alert());
    teams.always('begin', { kind: 'hang', accepted: true });
    const sending = await afterFiveSeconds(
      () => messenger.send(alert()),
      () => teams.calls.all.length === 2,
    );
    expect(sending).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('(TimeoutError)') });
    expect(teams.calls.all).toHaveLength(2);
    expect(teams.posts.all).toHaveLength(1);
  });

  it('gives a conversation that Teams does not know a second chance, and no third', async () => {
    const { messenger, teams } = await prepare();
    teams.script('begin', [refused(404, 'ConversationNotFound'), refused(404, 'ConversationNotFound')]);
    expect(await messenger.send(alert())).toMatchObject({ outcome: 'retry', afterMs: 30_000 });
    expect(await messenger.send(alert())).toMatchObject({
      outcome: 'rejected',
      scope: 'destination',
      code: 'conversation-unknown',
      reason: expect.stringContaining('(HTTP 404, ConversationNotFound)'),
    });
  });

  it('leaves a message alone that somebody deleted, and the conversation on', async () => {
    const { messenger } = await prepare();
    expect(await messenger.send(alert({ place: { kind: 'edit', messageRef: `${CHANNEL};messageid=5;5` } }))).toMatchObject({
      outcome: 'rejected',
      scope: 'message',
      reason: expect.stringContaining('(HTTP 404, ActivityNotFoundInConversation)'),
    });
  });

  it('makes a card smaller once when Teams finds it too large', async () => {
    const { messenger, teams } = await prepare();
    const lines = Array.from({ length: 300 }, (_unused, index) => richText`Meter ${String(index)}  803,412 / 1,000,000 credits used · 80%`);
    teams.script('begin', [refused(413, 'MessageSizeTooBig')]);
    expect((await messenger.send(alert({ message: { ...sentence('many'), lines } }))).outcome).toBe('sent');
    const sizes = teams.calls.all.map(({ body }) => JSON.stringify(body).length);
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) / 2);
    teams.script('begin', [refused(413, 'MessageSizeTooBig'), refused(413, 'MessageSizeTooBig')]);
    expect(await messenger.send(alert())).toMatchObject({ outcome: 'rejected', scope: 'message' });
    expect(teams.calls.all).toHaveLength(4);
  });

  it('says what to do when Microsoft gives no token, without a call to Teams', async () => {
    const teams = await startFakeTeams();
    onTestFinished(teams.close);
    const store = knownConversations([{ id: CHANNEL, serviceUrl: teams.serviceUrl }]);
    const withToken = (failure: TokenFailure) => {
      const connector = createConnector({ check: async () => ok(undefined), token: async () => err(failure) }, '28:bot');
      return createTeamsMessenger({ connector, store, timeZoneOf: () => 'UTC', home: null, clock: new ManualClock(), log: recordedLog() });
    };
    const reason = 'invalid_client, AADSTS7000222';
    expect(await withToken({ kind: 'refused', reason, remedy: 'Make a new one.' }).send(alert())).toEqual({
      outcome: 'rejected',
      scope: 'installation',
      code: 'credentials-rejected',
      reason: credentialsRejected(reason),
      remedy: 'Make a new one.',
    });
    expect(await withToken({ kind: 'away', reason: 'HTTP 500' }).send(alert())).toEqual({
      outcome: 'retry',
      reason: noToken('HTTP 500'),
    });
    expect(teams.calls.all).toEqual([]);
  });

  it('tries again what never went out', async () => {
    const store = knownConversations([{ id: CHANNEL, serviceUrl: `http://127.0.0.1:${String(await closedPort())}/` }]);
    const { messenger } = await prepare({ store });
    expect(await messenger.send(alert())).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('(ECONNREFUSED)') });
  });

  it.each<[string, Partial<MessengerOptions['store']>]>([
    ['where a conversation is', { conversation: () => Promise.reject(new Error('away')) }],
    ['when Teams takes more', { takeTurns: () => Promise.reject(new Error('away')) }],
  ])('tries again when the database does not say %s', async (_what, away) => {
    const { messenger, teams } = await prepare({
      store: { ...knownConversations([{ id: CHANNEL, serviceUrl: 'http://127.0.0.1:1/' }]), ...away },
    });
    expect(await messenger.send(alert())).toMatchObject({
      outcome: 'retry',
      reason: expect.stringMatching(/^The database did not answer/),
    });
    expect(teams.calls.all).toEqual([]);
  });
});
