import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Chat } from '../../../src/ports/inbound/chat.ts';
import { answering } from '../../support/chat.ts';
import { sentence } from '../../support/slack/adapter.ts';
import { CHANNEL, CHAT, inChannel, inChat, inGroup, mentioning, slash, TENANT, TOM, typed } from '../../support/teams/activities.ts';
import type { TeamsBehaviour } from '../../support/teams/fake-teams.ts';
import { emptyStore, startTeamsAdapter } from '../../support/teams/adapter.ts';

const REFUSED = 'Only members of the workspace that Creditwatch serves can do that. Ask one of them.';
const WHO_UNKNOWN = 'I cannot check who you are right now. Try again in a minute.';
const PARTNER = '00000000-0000-0000-0000-0000000000bb';
const MEETING = '19:meeting_MTIz@thread.v2';
const { aadObjectId: _left, ...NAMELESS } = { ...TOM, id: '29:anonymous', name: 'Tom (Guest)' };

/** A room that keeps what was asked of it and what it was to keep of anybody. */
async function startAdapter() {
  const asked: string[] = [];
  const kept: string[] = [];
  const answer = async (text: string) => (asked.push(text), sentence('All is well.'));
  const chat: Chat = {
    ...answering(answer),
    clickButton: async ({ value }) => (asked.push(value), { kind: 'message', message: sentence('Pressed.'), to: 'requester' }),
    submit: async ({ form }) => (asked.push(form), { kind: 'message', message: sentence('Taken.'), to: 'everybody' }),
  };
  const store = {
    ...emptyStore(),
    keep: async ({ id }: { readonly id: string }) => void kept.push(id),
    rememberName: async (_account: string, person: string) => void kept.push(person),
  };
  return { asked, kept, ...(await startTeamsAdapter({ chat, store })) };
}
type Started = Awaited<ReturnType<typeof startAdapter>>;

function invoke(url: string, data: object, fields: object) {
  return { ...typed(url, ''), type: 'invoke', name: 'adaptiveCard/action', value: { action: { type: 'Action.Execute', data } }, ...fields };
}
const toastSchema = z.object({ type: z.literal('application/vnd.microsoft.activity.message'), value: z.string() });

const withTenants = (place: Readonly<Record<string, unknown>>, channelData: string | null, conversation: string | null) => ({
  ...place,
  channelData: { ...z.looseObject({}).parse(place['channelData']), tenant: channelData === null ? null : { id: channelData } },
  conversation: { ...z.looseObject({}).parse(place['conversation']), tenantId: conversation },
});

const isChat = (who: Readonly<Record<string, unknown>>) => z.object({ id: z.string() }).parse(who['conversation']).id === 'a:tom';

type Who = [name: string, who: Readonly<Record<string, unknown>>, prepare?: (started: Started) => unknown];

const OUTSIDERS: Who[] = [
  ['an anonymous participant of a meeting, as the activity says', { ...inGroup(MEETING), from: { ...NAMELESS, userRole: 'anonymous' } }],
  ['an anonymous participant, by the form of the id', { ...inGroup(MEETING), from: { ...TOM, id: '8:teamsvisitor:0123' } }],
  [
    'an anonymous participant, as the roster says',
    { ...inGroup(MEETING), from: NAMELESS },
    ({ teams }) => teams.members.set(NAMELESS.id, { tenantId: TENANT, userRole: 'anonymous' }),
  ],
  [
    'somebody without an account whom the roster says nothing of',
    { ...inGroup(MEETING), from: NAMELESS },
    ({ teams }) => teams.members.set(NAMELESS.id, {}),
  ],
  [
    'somebody without an account while Teams does not answer',
    { ...inGroup(MEETING), from: { ...NAMELESS, aadObjectId: '' } },
    ({ teams }) => teams.always('member', { kind: 'refused', status: 404, code: 'MemberNotFoundInConversation' }),
  ],
  ['somebody of another organization in a shared channel', { ...inChannel(), from: { ...TOM, tenantId: PARTNER } }],
  ['somebody in a channel of ours whose own organization is named first', { ...withTenants(inChannel(), PARTNER, TENANT), from: TOM }],
  ['somebody in a channel of another organization', { ...withTenants(inChannel(), TENANT, PARTNER), from: TOM }],
  [
    'somebody of another organization, as the roster says',
    { ...inGroup(), from: TOM },
    ({ teams }) => teams.members.set(TOM.id, { tenantId: PARTNER, userRole: 'user' }),
  ],
  [
    'somebody of another organization in a chat with the bot, as the roster says',
    { ...inChat('a:tom'), from: TOM },
    ({ teams }) => teams.members.set(TOM.id, { tenantId: PARTNER, userRole: 'user' }),
  ],
  [
    'an anonymous participant in a chat with the bot, as the roster says',
    { ...inChat('a:tom'), from: TOM },
    ({ teams }) => teams.members.set(TOM.id, { tenantId: TENANT, userRole: 'anonymous' }),
  ],
  [
    'somebody whom the roster of a chat with the bot does not know',
    { ...inChat('a:tom'), from: TOM },
    ({ teams }) => teams.always('member', { kind: 'refused', status: 404, code: 'MemberNotFoundInConversation' }),
  ],
  [
    'somebody without an account in a chat with the bot whom the roster says nothing of',
    { ...inChat('a:tom'), from: NAMELESS },
    ({ teams }) => teams.members.set(NAMELESS.id, {}),
  ],
  [
    'somebody of another organization in a chat with the bot, as the activity says',
    { ...inChat('a:tom'), from: { ...TOM, tenantId: PARTNER } },
  ],
];

test.each<Who>(OUTSIDERS)('%s looks at nothing and changes nothing, typed, private or pressed', async (_who, who, prepare) => {
  const started = await startAdapter();
  const { send, teams, asked, kept } = started;
  prepare?.(started);
  const at = teams.serviceUrl;
  for (const activity of [
    { ...mentioning(at, 'usage'), ...who },
    { ...slash(at, '/usage subscribe all'), ...who },
    { ...mentioning(at, ''), ...who, value: { creditwatch: 'press', action: 'acknowledge', value: 'alert-1' } },
  ]) {
    expect((await send(activity)).status).toBe(200);
    const refusal = await teams.arrival();
    expect(refusal.text).toBe(REFUSED);
    expect([refusal.onlyFor, refusal.conversation]).toContain(isChat(who) ? 'a:tom' : z.object({ id: z.string() }).parse(who['from']).id);
  }
  for (const data of [
    { creditwatch: 'press', action: 'show', value: '' },
    { creditwatch: 'press', action: 'snooze', value: 'alert-1' },
    { creditwatch: 'submit', form: 'import' },
    { creditwatch: 'refresh' },
  ])
    expect(toastSchema.parse(await (await send(invoke(at, data, { ...who, replyToId: '1' }))).json()).value).toBe(REFUSED);
  expect(asked).toEqual([]);
  expect(kept).toEqual([]);
  expect(teams.messages()).toHaveLength(3);
});

test('where Teams has no message for one reader, they are told openly, for it is no secret; never when they asked privately', async () => {
  const { send, teams, log } = await startAdapter();
  teams.always('whisper', { kind: 'refused', status: 400, code: 'BadArgument' });
  const who = { ...inGroup(MEETING), from: { ...NAMELESS, userRole: 'anonymous' } };
  await send({ ...slash(teams.serviceUrl, '/usage'), ...who, recipient: { id: '28:bot', isTargeted: true } });
  await expect.poll(() => log.text()).toContain('Teams private message not possible in this conversation');
  await send({ ...mentioning(teams.serviceUrl, 'usage'), ...who });
  expect(await teams.arrival()).toMatchObject({ onlyFor: null, conversation: MEETING, text: REFUSED });
  expect(teams.posts.all).toHaveLength(1);
  expect(teams.calls.all.filter(({ method }) => method === 'chat')).toEqual([]);
});

test.each<Who>([
  [
    'somebody whom the roster calls a user',
    { ...inChannel(), from: TOM },
    ({ teams }) => teams.members.set(TOM.id, { userRole: 'user', tenantId: TENANT.toUpperCase() }),
  ],
  ['somebody whose own organization is ours', { ...inChannel(), from: { ...TOM, tenantId: TENANT } }],
  ['a guest', { ...inChannel(), from: TOM }, ({ teams }) => teams.guests.add(TOM.id)],
  ['somebody in a chat with the bot', { ...inChat(), from: TOM }],
  ['a guest in a chat with the bot', { ...inChat(), from: TOM }, ({ teams }) => teams.guests.add(TOM.id)],
])('%s may look', async (_who, who, prepare) => {
  const started = await startAdapter();
  prepare?.(started);
  await started.send({ ...mentioning(started.teams.serviceUrl, 'usage'), ...who });
  expect((await started.teams.arrival()).text).toBe('All is well.');
});

test.each<[string, TeamsBehaviour]>([
  ['drops the line', { kind: 'drop', accepted: false }],
  ['is broken', { kind: 'status', status: 503 }],
])('nobody may look or change anything while Teams %s instead of saying who they are', async (_how, failure) => {
  const { send, teams, asked, kept } = await startAdapter();
  teams.always('member', failure);
  await send(typed(teams.serviceUrl, 'usage'));
  expect((await teams.arrival()).text).toBe(WHO_UNKNOWN);
  await send(slash(teams.serviceUrl, '/usage'));
  expect((await teams.arrival()).text).toBe(WHO_UNKNOWN);
  for (const data of [
    { creditwatch: 'press', action: 'show', value: '' },
    { creditwatch: 'press', action: 'snooze', value: 'alert-1' },
    { creditwatch: 'submit', form: 'import' },
  ])
    for (const place of [inChannel(), inChat()])
      expect(toastSchema.parse(await (await send(invoke(teams.serviceUrl, data, place))).json()).value).toBe(WHO_UNKNOWN);
  expect([asked, kept]).toEqual([[], []]);
  teams.always('member', null);
  await send(slash(teams.serviceUrl, '/usage'));
  expect((await teams.arrival()).text).toBe('All is well.');
});

test('Teams is asked once in each conversation who somebody is, whatever they do there', async () => {
  const { send, teams } = await startAdapter();
  for (const place of [inChannel(CHANNEL, '1'), inChannel(CHANNEL, '2'), inChat(), inChat()]) {
    await send(mentioning(teams.serviceUrl, 'usage', place));
    await teams.arrival();
    await send(invoke(teams.serviceUrl, { creditwatch: 'press', action: 'snooze', value: 'alert-1' }, place));
  }
  expect(teams.calls.all.filter(({ method }) => method === 'member').map(({ conversation }) => conversation)).toEqual([CHANNEL, CHAT]);
});
