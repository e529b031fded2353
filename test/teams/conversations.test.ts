import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/postgres/store/store.ts';
import { answering } from '../support/chat.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { sentence } from '../support/slack/room.ts';
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
} from '../support/teams/activities.ts';
import { startTeamsRoom, type StartedRoom } from '../support/teams/room.ts';

const GROUP = '19:group@thread.v2';
const NOW = new Date('2026-11-24T08:00:00Z');

type Kept = StartedRoom & {
  readonly store: Store;
  /** The same in another process. */
  readonly again: () => Store;
  /** What is kept of every conversation, by its id. */
  readonly kept: () => Promise<readonly Record<string, unknown>[]>;
  /** Why the destination of that address is off; null while it is on. */
  readonly offReason: (address: string) => Promise<unknown>;
};

async function prepare(routes: readonly string[] = []): Promise<Kept> {
  const database = await createDatabase();
  const open = () => {
    const opened = openStore(database.url, Buffer.alloc(32));
    onTestFinished(() => opened.close());
    return opened;
  };
  const store = open();
  await store.declare(
    {
      id: 'default',
      timeZone: 'UTC',
      admins: [],
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
  const started = await startTeamsRoom({ chat: answering(async () => sentence('All is well.')), store: store.teams });
  return {
    ...started,
    store,
    again: open,
    kept: () =>
      runSql(
        database.url,
        'SELECT id, scope, team_id AS team, person_id AS person, name, service_url, removed_at IS NOT NULL AS removed FROM teams_conversation ORDER BY id',
      ),
    offReason: async (address) =>
      (await runSql(database.url, `SELECT off_reason FROM destination WHERE address = '${address}'`))[0]?.['off_reason'],
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
      /^I'm Creditwatch\. I say when bought credits run low and answer (?:@Creditwatch )?usage\..*\nAlerts .* subscribe .*\nTo stop them: .*unsubscribe, or remove the app\.$/,
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
  await send(mentioning(`${teams.serviceUrl}moved/`, 'usage', inChannel(CHANNEL, '2')));
  await teams.posts.next(() => teams.posts.all.length === 2);
  expect(await kept()).toMatchObject([{ id: CHANNEL, team: TEAM, name: 'Marketing', service_url: `${teams.serviceUrl}moved/` }]);
});

test('taken out of a team, all its channels are off, and others are not; added again, they are on', async () => {
  const other = '19:other@thread.tacv2';
  const { send, teams, kept, offReason } = await prepare([CHANNEL, TEAM, other]);
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
  await expect.poll(() => offReason(CHANNEL)).toBe(reason);
  expect([await offReason(TEAM), await offReason(other)]).toEqual([reason, null]);
  expect((await kept()).map(({ id, removed }) => [id, removed])).toEqual([
    [CHANNEL, true],
    [other, false],
  ]);
  await send(installed(serviceUrl, inChannel(CHANNEL)));
  await expect.poll(() => offReason(CHANNEL)).toBeNull();
  expect((await teams.posts.next(({ text }) => text.startsWith("I'm Creditwatch"))).conversation).toBe(CHANNEL);
});

test('a channel that is renamed, deleted and restored is followed', async () => {
  const { send, teams, kept, offReason } = await prepare([CHANNEL]);
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
  await expect.poll(() => offReason(CHANNEL)).toMatch(/^The channel was deleted\./);
  await send(event('channelRestored'));
  await expect.poll(() => offReason(CHANNEL)).toBeNull();
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

test('a second strike counts whichever process saw the first, and after a restart', async () => {
  const { store, again } = await prepare([CHANNEL]);
  expect(await store.teams.strike(CHANNEL, NOW)).toBe(false);
  expect(await again().teams.strike(CHANNEL, NOW)).toBe(true);
  expect(await store.teams.strike(CHANNEL, NOW)).toBe(false);
});

test('who wrote is known by name', async () => {
  const { send, teams, store } = await prepare();
  await send(typed(teams.serviceUrl, 'usage'));
  await teams.arrival();
  expect(await store.teams.names('default', [ANNA.aadObjectId, 'nobody'])).toEqual(new Map([[ANNA.aadObjectId, ANNA.name]]));
  expect(await store.teams.names('another', [ANNA.aadObjectId])).toEqual(new Map());
});
