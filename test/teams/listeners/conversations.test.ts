import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../src/ports/stores/store.ts';
import { answering } from '../../support/chat.ts';
import { createDatabase, runSql, openTestStore } from '../../support/database.ts';
import { sentence } from '../../support/slack/adapter.ts';
import {
  ANNA,
  BOT,
  CHANNEL,
  CHAT,
  inChannel,
  inChat,
  inGroup,
  installed,
  mentioning,
  TEAM,
  TENANT,
  typed,
  updated,
} from '../../support/teams/activities.ts';
import { startTeamsAdapter, type StartedAdapter } from '../../support/teams/adapter.ts';

const GROUP = '19:group@thread.v2';
const NOW = new Date('2026-11-24T08:00:00Z');

type Kept = StartedAdapter & {
  readonly store: Store;
  /** The same in another process. */
  readonly again: () => Store;
  /** What is kept of every conversation, by its id. */
  readonly kept: () => Promise<readonly Record<string, unknown>[]>;
  /** Why the destination of that address is off; null while it is on. */
  readonly disabledReason: (address: string) => Promise<unknown>;
  /** Replaces the stored reasons, as another version would word them. */
  readonly reword: (reason: string) => Promise<unknown>;
};

async function prepare(routes: readonly string[] = []): Promise<Kept> {
  const database = await createDatabase();
  const open = () => {
    const opened = openTestStore(database.url, Buffer.alloc(32));
    onTestFinished(() => opened.close());
    return opened;
  };
  const store = open();
  await store.declare(
    {
      id: 'default',
      timeZone: 'UTC',
      admins: [],
      viewers: null,
      sources: [],
      rules: [],
      fallback: [],
      routes: routes.map((address) => ({
        id: `teams:${address}`,
        destination: { kind: 'teams', address },
        settings: {
          meters: 'all',
          operations: false,
          mention: {},
          digest: null,
          timeZone: null,
          onlyIfRunningOut: false,
          recovery: 'thread',
        },
      })),
    },
    NOW,
  );
  const started = await startTeamsAdapter({ chat: answering(async () => sentence('All is well.')), store: store.teams });
  return {
    ...started,
    store,
    again: open,
    kept: () =>
      runSql(
        database.url,
        'SELECT id, scope, team_id AS team, person_id AS person, name, service_url, removed_at IS NOT NULL AS removed FROM teams_conversation ORDER BY id',
      ),
    reword: (reason) => runSql(database.url, `UPDATE destination SET disabled_reason = '${reason}' WHERE disabled_reason IS NOT NULL`),
    disabledReason: async (address) =>
      (await runSql(database.url, `SELECT disabled_reason FROM destination WHERE address = '${address}'`))[0]?.['disabled_reason'],
  };
}

test('installed in a chat, a group chat and a channel that is not General: one conversation each, and one welcome', async () => {
  const { send, teams, kept } = await prepare();
  const { serviceUrl } = teams;
  const chosen = {
    ...inChannel(TEAM),
    channelData: {
      tenant: { id: TENANT },
      team: { id: TEAM, name: 'Growth' },
      settings: { selectedChannel: { id: CHANNEL, name: 'Marketing' } },
    },
  };
  for (const place of [inChat(), inGroup(), chosen]) {
    await send(installed(serviceUrl, place));
    await send(updated(serviceUrl, { ...place, membersAdded: [BOT] }));
  }
  for (const conversation of [CHAT, GROUP, CHANNEL]) {
    const welcome = await teams.arrival(conversation);
    expect(welcome.text).toMatch(
      /^I'm Creditwatch\. I tell you when bought credits run low and answer (?:@Creditwatch )?usage\..*\nAlerts .* subscribe .*\nTo stop them: .*unsubscribe, or remove the app\.$/,
    );
  }
  await send(typed(serviceUrl, 'usage'));
  expect((await teams.arrival(CHAT)).text).toBe('All is well.');
  expect(teams.posts.all).toHaveLength(4);
  expect(await kept()).toEqual([
    { id: GROUP, scope: 'groupChat', team: null, person: null, name: null, service_url: serviceUrl, removed: false },
    { id: CHANNEL, scope: 'channel', team: TEAM, person: null, name: 'Marketing', service_url: serviceUrl, removed: false },
    { id: CHAT, scope: 'personal', team: null, person: ANNA.aadObjectId, name: null, service_url: serviceUrl, removed: false },
  ]);
});

test('a mention in a thread leaves one conversation for the channel, and moves its service URL', async () => {
  const { send, teams, kept } = await prepare();
  await send(mentioning(teams.serviceUrl, 'usage', inChannel(CHANNEL, '1')));
  // Turns that run at the same time keep their places in any order.
  await teams.posts.next(() => teams.posts.all.length === 1);
  await send(mentioning(`${teams.serviceUrl}moved/`, 'usage', inChannel(CHANNEL, '2')));
  await teams.posts.next(() => teams.posts.all.length === 2);
  expect(await kept()).toMatchObject([{ id: CHANNEL, team: TEAM, name: 'Marketing', service_url: `${teams.serviceUrl}moved/` }]);
});

test('taken out of a team, all its channels are off, and others are not; added again, they are on', async () => {
  const other = '19:other@thread.tacv2';
  const { send, teams, kept, disabledReason } = await prepare([CHANNEL, TEAM, other]);
  const { serviceUrl } = teams;
  await send(mentioning(serviceUrl, 'usage', inChannel(CHANNEL, '1')));
  await send(
    mentioning(serviceUrl, 'usage', {
      ...inChannel(other, '1'),
      channelData: { tenant: { id: TENANT }, team: { id: '19:another-team@thread.tacv2' }, channel: { id: other } },
    }),
  );
  await teams.posts.next(() => teams.posts.all.length === 2);
  await send(installed(serviceUrl, inChannel(TEAM), 'remove'));
  const reason = 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.';
  await expect.poll(() => disabledReason(CHANNEL)).toBe(reason);
  expect([await disabledReason(TEAM), await disabledReason(other)]).toEqual([reason, null]);
  expect((await kept()).map(({ id, removed }) => [id, removed])).toEqual([
    [CHANNEL, true],
    [other, false],
  ]);
  await send(installed(serviceUrl, inChannel(CHANNEL)));
  await expect.poll(() => disabledReason(CHANNEL)).toBeNull();
  expect((await teams.posts.next(({ text }) => text.startsWith("I'm Creditwatch"))).conversation).toBe(CHANNEL);
});

test('a channel that is renamed, deleted and restored is followed', async () => {
  const { send, teams, kept, disabledReason } = await prepare([CHANNEL]);
  const event = (eventType: string, name = 'Marketing') =>
    updated(teams.serviceUrl, {
      ...inChannel(),
      channelData: { tenant: { id: TENANT }, team: { id: TEAM }, channel: { id: CHANNEL, name }, eventType },
    });
  await send(mentioning(teams.serviceUrl, 'usage'));
  await teams.arrival();
  await send(event('channelRenamed', 'Growth'));
  await expect.poll(async () => (await kept())[0]?.['name']).toBe('Growth');
  await send(event('channelDeleted'));
  await expect.poll(() => disabledReason(CHANNEL)).toMatch(/^The channel was deleted\./);
  await send(event('channelRestored'));
  await expect.poll(() => disabledReason(CHANNEL)).toBeNull();
});

test('a team that is renamed gives its General channel the new name, for it has none of its own, and no other', async () => {
  const { send, teams, kept, store } = await prepare();
  const general = (name: string) => ({
    ...inChannel(TEAM),
    channelData: { tenant: { id: TENANT }, team: { id: TEAM, name }, channel: { id: TEAM } },
  });
  await send(mentioning(teams.serviceUrl, 'usage', general('Growth')));
  await send(mentioning(teams.serviceUrl, 'usage'));
  await teams.posts.next(() => teams.posts.all.length === 2);
  const names = async () => (await kept()).map(({ id, name }) => [id, name]);
  await expect.poll(names).toEqual([
    [TEAM, 'Growth'],
    [CHANNEL, 'Marketing'],
  ]);
  await send(
    updated(teams.serviceUrl, {
      ...general('Revenue'),
      channelData: { tenant: { id: TENANT }, team: { id: TEAM, name: 'Revenue' }, eventType: 'teamRenamed' },
    }),
  );
  await expect.poll(names).toEqual([
    [TEAM, 'Revenue'],
    [CHANNEL, 'Marketing'],
  ]);
  expect(await store.teams.names('default', [TEAM])).toEqual(new Map([[TEAM, 'Revenue']]));
});

test('a group chat that is renamed is called so', async () => {
  const { send, teams, kept } = await prepare();
  const called = (name: string) => ({
    ...inGroup(),
    conversation: { id: GROUP, conversationType: 'groupChat', isGroup: true, tenantId: TENANT, name },
  });
  await send(mentioning(teams.serviceUrl, 'usage', called('Launch')));
  await teams.arrival(GROUP);
  await send(updated(teams.serviceUrl, called('Launch in May')));
  await expect.poll(async () => (await kept())[0]?.['name']).toBe('Launch in May');
});

const OTHER = '19:other@thread.tacv2';

/** Something that happened in a channel of the team, as Teams tells the app. */
function happened(serviceUrl: string, eventType: string, fields: Readonly<Record<string, unknown>> = {}, channel = CHANNEL) {
  return updated(serviceUrl, {
    // Of what happens in a team the conversation is its General channel.
    ...inChannel(TEAM),
    channelData: { tenant: { id: TENANT }, team: { id: TEAM, name: 'Growth' }, channel: { id: channel, name: 'Marketing' }, eventType },
    ...fields,
  });
}

/** Somebody wrote in two channels of the team, which both have a route. */
async function withTwoChannels() {
  const kept = await prepare([CHANNEL, OTHER, TEAM]);
  for (const channel of [CHANNEL, OTHER]) await kept.send(mentioning(kept.teams.serviceUrl, 'usage', inChannel(channel, '1')));
  await kept.teams.posts.next(() => kept.teams.posts.all.length === 2);
  const off = async () => Promise.all([CHANNEL, OTHER, TEAM].map(async (one) => (await kept.disabledReason(one)) !== null));
  return { ...kept, off };
}

test.each([
  [
    'taken out of one channel',
    (url: string) => happened(url, 'channelMemberRemoved', { membersRemoved: [BOT] }),
    /^Creditwatch was removed from the channel\./,
  ],
  ['a channel that is deleted', (url: string) => happened(url, 'channelDeleted'), /^The channel was deleted\./],
  ['a channel that is no longer shared', (url: string) => happened(url, 'channelUnshared'), /^The channel is no longer shared/],
])('%s: that one is off, and no other of its team', async (_what, event, reason) => {
  const { send, teams, off, disabledReason } = await withTwoChannels();
  await send(event(teams.serviceUrl));
  await expect.poll(() => disabledReason(CHANNEL)).toMatch(reason);
  expect(await off()).toEqual([true, false, false]);
});

test('a channel that is taken from another team stays where the bot is', async () => {
  const { send, teams, off, log } = await withTwoChannels();
  const unshared = (id: string) => ({
    channelData: {
      tenant: { id: TENANT },
      team: { id: TEAM },
      channel: { id: CHANNEL },
      eventType: 'channelUnshared',
      unsharedFromTeams: [{ id }],
    },
  });
  await send(happened(teams.serviceUrl, 'channelUnshared', unshared('19:partner@thread.tacv2')));
  await expect.poll(() => log.text()).toContain('ignored Teams activity');
  expect(await off()).toEqual([false, false, false]);
  await send(happened(teams.serviceUrl, 'channelUnshared', unshared(TEAM)));
  await expect.poll(off).toEqual([true, false, false]);
});

test('added to a team again, all its channels are on, but what is off for a reason of its own, which the welcome names', async () => {
  const { send, teams, off, disabledReason, kept } = await withTwoChannels();
  const { serviceUrl } = teams;
  await send(happened(serviceUrl, 'channelDeleted', {}, OTHER));
  await expect.poll(() => disabledReason(OTHER)).toMatch(/^The channel was deleted/);
  await send(installed(serviceUrl, inChannel(TEAM), 'remove'));
  await send(happened(serviceUrl, 'teamMemberRemoved', { membersRemoved: [BOT] }));
  await expect.poll(off).toEqual([true, true, true]);
  await send(installed(serviceUrl, inChannel(TEAM)));
  await send(happened(serviceUrl, 'teamMemberAdded', { membersAdded: [BOT] }));
  await expect.poll(off).toEqual([false, true, false]);
  const welcome = await teams.posts.next(({ text }) => text.startsWith("I'm Creditwatch"));
  expect(welcome.text).toContain('Alerts stay off in Marketing. The channel was deleted. Restore it in Teams, or route elsewhere.');
  expect((await kept()).filter(({ removed }) => removed).map(({ id }) => id)).toEqual([OTHER]);
});

test('each removal stores its code, and no event depends on how the reason reads', async () => {
  const { send, teams, off, store, disabledReason, reword } = await withTwoChannels();
  const { serviceUrl } = teams;
  await send(happened(serviceUrl, 'channelDeleted', {}, OTHER));
  await expect.poll(off).toEqual([false, true, false]);
  await send(installed(serviceUrl, inChannel(TEAM), 'remove'));
  await expect.poll(off).toEqual([true, true, true]);
  await reword('It is gone.');
  await send(installed(serviceUrl, inChannel(TEAM)));
  await expect.poll(off).toEqual([false, true, false]);
  expect(await disabledReason(OTHER)).toBe('It is gone.');
  const deleted = { account: 'default', conversation: OTHER };
  expect(await store.teams.restore(deleted, { because: ['unshared'] }, NOW)).toEqual([{ conversation: OTHER, reason: 'It is gone.' }]);
  await send(happened(serviceUrl, 'channelRestored', {}, OTHER));
  await expect.poll(off).toEqual([false, false, false]);
});

test('added to one channel, that one is on', async () => {
  const { send, teams, off } = await withTwoChannels();
  for (const channel of [CHANNEL, OTHER])
    await send(happened(teams.serviceUrl, 'channelMemberRemoved', { membersRemoved: [BOT] }, channel));
  await expect.poll(off).toEqual([true, true, false]);
  await send(happened(teams.serviceUrl, 'channelMemberAdded', { membersAdded: [BOT] }));
  await expect.poll(off).toEqual([false, true, false]);
});

const TOM_AND = { membersAdded: [{ id: '29:tom' }] };
const NOT_THE_BOT: readonly (readonly [string, (url: string) => object])[] = [
  ['somebody else is added to the channel', (url) => happened(url, 'channelMemberAdded', TOM_AND)],
  ['somebody else is removed from the channel', (url) => happened(url, 'channelMemberRemoved', { membersRemoved: [{ id: '29:tom' }] })],
  ['somebody else is added to the team', (url) => happened(url, 'teamMemberAdded', TOM_AND)],
  ['the channel is renamed', (url) => happened(url, 'channelRenamed')],
  ['the team is renamed', (url) => happened(url, 'teamRenamed')],
  ['the team is archived', (url) => happened(url, 'teamArchived')],
  ['a channel is created', (url) => happened(url, 'channelCreated')],
  ['the channel is shared with others', (url) => happened(url, 'channelShared')],
  ['a channel that was deleted is restored', (url) => happened(url, 'channelRestored')],
  ['something happens that nobody knows', (url) => happened(url, 'channelOfTheFuture')],
  ['members change without a word for it', (url) => updated(url, { ...inChannel(), ...TOM_AND })],
  ['a chat is renamed', (url) => updated(url, { ...inGroup(CHANNEL), topicName: 'Launch' })],
  ['somebody is typing', (url) => ({ ...typed(url, '', inChannel()), type: 'typing' })],
  [
    'somebody reacts',
    (url) => ({ ...typed(url, '', inChannel()), type: 'messageReaction', reactionsAdded: [{ type: 'like' }], replyToId: '1' }),
  ],
  [
    'a message is edited',
    (url) => ({
      ...typed(url, 'usage', inChannel()),
      type: 'messageUpdate',
      channelData: { tenant: { id: TENANT }, eventType: 'editMessage' },
    }),
  ],
  [
    'a message is deleted',
    (url) => ({
      ...typed(url, '', inChannel()),
      type: 'messageDelete',
      channelData: { tenant: { id: TENANT }, eventType: 'softDeleteMessage' },
    }),
  ],
  [
    'a message is read',
    (url) => ({
      ...typed(url, '', inChannel()),
      type: 'event',
      name: 'application/vnd.microsoft.readReceipt',
      value: { lastReadMessageId: '1' },
    }),
  ],
  [
    'a meeting begins',
    (url) => ({ ...typed(url, '', inChannel()), type: 'event', name: 'application/vnd.microsoft.meetingStart', value: {} }),
  ],
  ['a type of the future comes', (url) => ({ type: 'hologram', channelId: 'msteams', serviceUrl: url, id: 'f:future' })],
  ['a search is asked for', (url) => ({ ...typed(url, '', inChannel()), type: 'invoke', name: 'composeExtension/query', value: {} })],
  [
    'feedback is given',
    (url) => ({ ...typed(url, '', inChannel()), type: 'invoke', name: 'message/submitAction', value: { actionName: 'feedback' } }),
  ],
  [
    'a client looks for news of a card',
    (url) => ({
      ...typed(url, '', inChannel()),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', data: { creditwatch: 'refresh' } } },
    }),
  ],
  [
    'a button of somebody else is pressed',
    (url) => ({
      ...typed(url, '', inChannel()),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', data: { theirs: 1 } } },
    }),
  ],
  ['the app is set to something unknown', (url) => installed(url, inChannel(), 'suspend')],
];

test('a place that the bot was taken out of stays off whatever happens there that is not the bot', async () => {
  const { send, teams, off, log } = await withTwoChannels();
  await send(happened(teams.serviceUrl, 'channelMemberRemoved', { membersRemoved: [BOT] }));
  await expect.poll(off).toEqual([true, false, false]);
  for (const [what, event] of NOT_THE_BOT) {
    const before = log.lines.length;
    const activity: object = event(teams.serviceUrl);
    const response = await send(activity);
    const isUnknownInvoke =
      'type' in activity && activity.type === 'invoke' && 'name' in activity && activity.name !== 'adaptiveCard/action';
    expect([what, response.status]).toEqual([what, isUnknownInvoke ? 501 : 200]);
    if (!what.startsWith('a client looks')) await expect.poll(() => log.lines.length, { message: what }).toBe(before + 1);
    expect(
      log.lines.slice(before).every(({ level }) => level === 'info'),
      what,
    ).toBe(true);
  }
  expect(await off()).toEqual([true, false, false]);
  expect(teams.complaints).toEqual([]);
});

test.each([
  ['a message', (url: string) => mentioning(url, 'usage')],
  [
    'a button that is pressed',
    (url: string) => ({
      ...typed(url, '', inChannel()),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', data: { creditwatch: 'press', action: 'show', value: '' } } },
    }),
  ],
])('%s there turns it on again', async (_what, event) => {
  const { send, teams, off } = await withTwoChannels();
  await send(happened(teams.serviceUrl, 'channelMemberRemoved', { membersRemoved: [BOT] }));
  await expect.poll(off).toEqual([true, false, false]);
  await send(event(teams.serviceUrl));
  await expect.poll(off).toEqual([false, false, false]);
});

test('a second strike counts whichever process saw the first, and after a restart', async () => {
  const { store, again } = await prepare([CHANNEL]);
  expect(await store.teams.markUnknown(CHANNEL, NOW)).toBe(false);
  expect(await again().teams.markUnknown(CHANNEL, NOW)).toBe(true);
  expect(await store.teams.markUnknown(CHANNEL, NOW)).toBe(false);
});

test('who wrote is known by name', async () => {
  const { send, teams, store } = await prepare();
  await send(typed(teams.serviceUrl, 'usage'));
  await teams.arrival();
  expect(await store.teams.names('default', [ANNA.aadObjectId, 'nobody'])).toEqual(new Map([[ANNA.aadObjectId, ANNA.name]]));
  expect(await store.teams.names('another', [ANNA.aadObjectId])).toEqual(new Map());
});
