import { describe, expect, test } from 'vitest';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import { messageFor } from '../../../src/messages/notices/notification.ts';
import type { Subscriptions } from '../../../src/ports/inbound/subscriptions.ts';
import { runSql } from '../../support/database.ts';
import { startPipeline } from '../../support/pipeline.ts';
import { slackUser } from '../../support/people.ts';

const FILE = `
timezone: Europe/Berlin
sources: [{ id: abmatic, kind: push, period: { every: month, day: 1 } }]
routes:
  - { slack: C0FILE, meters: [open_ai] }
`;
/** A Sunday, 11:00 in Berlin. */
const SUNDAY = '2026-11-08T10:00:00Z';
const MONDAY_9 = { weekday: 'monday', at: '09:00' } as const;

const place = (address: string) => ({ kind: 'slack', address }) as const;
const command = (address: string, by = 'U0ANNA') => ({ account: 'default', place: place(address), by: slackUser(by) });
const subscribe = (subscriptions: Subscriptions, address: string, meters: 'all' | string[] = 'all', by = 'U0ANNA') =>
  subscriptions.subscribe({ ...command(address, by), meters, operations: false });
const start = () => startPipeline(FILE, SUNDAY);
const figures = [
  { meter: 'apollo_contacts', used: 1614, total: 1_000_000 },
  { meter: 'open_ai', used: 4_984_062, total: 1_500_000_000 },
];

describe('a channel that was subscribed in chat', () => {
  test('gets the alerts of its meters and a digest on Monday at nine, and the database says who wanted it', async () => {
    const { subscriptions, ...pipeline } = await start();
    const done = await subscribe(subscriptions, 'C0SALES', ['apollo_contacts']);
    expect(done).toEqual({
      done: 'subscribed',
      settings: {
        meters: ['apollo_contacts'],
        operations: false,
        mention: {},
        digest: MONDAY_9,
        timeZone: null,
        onlyIfRunningOut: false,
        recovery: 'thread',
      },
      former: null,
    });
    expect(await subscriptions.at('default', place('C0SALES'))).toEqual([
      { id: 'chat:slack:C0SALES', settings: done.done === 'subscribed' && done.settings, origin: 'chat', by: slackUser('U0ANNA') },
    ]);
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-09T07:59:59Z');
    expect(pipeline.messages).toEqual([]);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toMatchObject([
      { text: expect.stringMatching(/^📊 Credits, 2–8 Nov: fine/) },
    ]);
    await pipeline.push([
      { meter: 'apollo_contacts', used: 900_000, total: 1_000_000 },
      { meter: 'open_ai', used: 1_499_000_000, total: 1_500_000_000 },
    ]);
    expect(pipeline.messages.filter(({ address, text }) => address === 'C0SALES' && !text.startsWith('📊'))).toMatchObject([
      { text: expect.stringContaining('Apollo Contacts reached 80%') },
    ]);
  });

  test('subscribing again adds to what was wanted before, and its digest stays; it is one route, and the last who asked is named', async () => {
    const { subscriptions } = await start();
    const at = async () => (await subscriptions.at('default', place('C0SALES'))).map(({ settings, by }) => ({ ...settings, by }));
    await subscribe(subscriptions, 'C0SALES', ['apollo_contacts']);
    await subscriptions.setDigest({ ...command('C0SALES'), digest: { weekday: 'friday', at: '17:30' } });
    await subscribe(subscriptions, 'C0SALES', ['open_ai', 'apollo_contacts'], 'U0TOM');
    const friday = { weekday: 'friday', at: '17:30' };
    expect(await at()).toMatchObject([
      { meters: ['apollo_contacts', 'open_ai'], operations: false, digest: friday, by: slackUser('U0TOM') },
    ]);
    await subscriptions.subscribe({ ...command('C0SALES'), meters: 'all', operations: true });
    await subscribe(subscriptions, 'C0SALES', ['open_ai']);
    expect(await at()).toMatchObject([{ meters: 'all', operations: true, digest: friday, by: slackUser('U0ANNA') }]);
    await subscriptions.subscribe({ ...command('C0SALES'), meters: ['open_ai'], operations: false, replaces: true });
    expect(await at()).toMatchObject([{ meters: ['open_ai'], operations: false, digest: MONDAY_9 }]);
  });

  test('that turns out not to take messages has what was wanted there before, with its digest and who wanted it', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES', ['apollo_contacts'], 'U0TOM');
    await subscriptions.setDigest({ ...command('C0SALES', 'U0TOM'), digest: { weekday: 'friday', at: '17:30' } });
    const before = await subscriptions.at('default', place('C0SALES'));
    const done = await subscribe(subscriptions, 'C0SALES');
    if (done.done !== 'subscribed') throw new Error(done.done);
    await subscriptions.takeBack({ ...command('C0SALES'), former: done.former });
    expect(await subscriptions.at('default', place('C0SALES'))).toEqual(before);
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-13T16:30:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toMatchObject([
      { text: expect.stringMatching(/^📊 Credits, 6–12 Nov: .*\n⚪ Apollo Contacts .*$/) },
    ]);
  });

  test('is left as somebody else has subscribed it meanwhile', async () => {
    const { subscriptions } = await start();
    await subscribe(subscriptions, 'C0SALES', ['apollo_contacts']);
    await subscribe(subscriptions, 'C0SALES', 'all', 'U0TOM');
    await subscriptions.takeBack({ ...command('C0SALES'), former: null });
    expect(await subscriptions.at('default', place('C0SALES'))).toMatchObject([{ settings: { meters: 'all' }, by: slackUser('U0TOM') }]);
  });

  test('unsubscribing ends alerts and digest; a second time there is nothing to end', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    expect(await subscriptions.unsubscribe(command('C0SALES', 'U0TOM'))).toEqual({ done: 'unsubscribed' });
    expect(await subscriptions.unsubscribe(command('C0SALES'))).toEqual({ done: 'nothing' });
    await pipeline.push([{ meter: 'apollo_contacts', used: 900_000, total: 1_000_000 }]);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toEqual([]);
    expect(await runSql(pipeline.url, "SELECT subject FROM timer WHERE kind = 'digest'")).toEqual([{ subject: 'slack:C0FILE' }]);
  });

  test('survives a restart, an edit of the file and a file without routes', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    await pipeline.declare(FILE);
    await pipeline.declare('timezone: Europe/Berlin\n');
    expect(await subscriptions.at('default', place('C0SALES'))).toHaveLength(1);
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(pipeline.messages.map(({ address }) => address)).toEqual(['C0SALES']);
  });

  test('is managed by the file as soon as that has a route to it', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    await pipeline.declare(`${FILE}  - { slack: C0SALES, meters: [apollo_contacts] }\n`);
    expect(await subscriptions.at('default', place('C0SALES'))).toMatchObject([{ id: 'slack:C0SALES', origin: 'file', by: null }]);
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-09T08:00:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toHaveLength(1);
  });
});

test('a route of the file is read-only in chat, and stays as it is', async () => {
  const { subscriptions } = await start();
  const managed = { done: 'managed-in-file' };
  expect(await subscribe(subscriptions, 'C0FILE')).toEqual(managed);
  expect(await subscriptions.unsubscribe(command('C0FILE'))).toEqual(managed);
  expect(await subscriptions.setDigest({ ...command('C0FILE'), digest: null })).toEqual(managed);
  expect(await subscriptions.at('default', place('C0FILE'))).toMatchObject([
    { origin: 'file', settings: { meters: ['open_ai'], digest: MONDAY_9 } },
  ]);
});

describe('the time of the digest', () => {
  test('moves with what is set, in the zone of the account', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    expect(await subscriptions.setDigest({ ...command('C0SALES'), digest: { weekday: 'friday', at: '17:30' } })).toMatchObject({
      done: 'set',
      nextAt: new Date('2026-11-13T16:30:00Z'),
    });
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-13T16:29:59Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toEqual([]);
    await pipeline.goTo('2026-11-13T16:30:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toHaveLength(1);
  });

  test('set to another day after the digest of this week, the next is in the next week, and the answer says so', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    await pipeline.push(figures);
    await pipeline.goTo('2026-11-10T08:00:00Z');
    expect(await subscriptions.setDigest({ ...command('C0SALES'), digest: { weekday: 'friday', at: '17:30' } })).toMatchObject({
      nextAt: new Date('2026-11-20T16:30:00Z'),
    });
  });

  test('none: there is no digest any more, and alerts go on', async () => {
    const { subscriptions, ...pipeline } = await start();
    await subscribe(subscriptions, 'C0SALES');
    expect(await subscriptions.setDigest({ ...command('C0SALES'), digest: null })).toMatchObject({
      done: 'set',
      nextAt: null,
      settings: { digest: null },
    });
    await pipeline.push([{ meter: 'apollo_contacts', used: 900_000, total: 1_000_000 }]);
    await pipeline.goTo('2026-11-09T12:00:00Z');
    expect(pipeline.messages.filter(({ address }) => address === 'C0SALES')).toMatchObject([
      { text: expect.stringContaining('Apollo Contacts is already at 90%') },
    ]);
  });

  test('where nothing is subscribed there is none to move', async () => {
    const { subscriptions } = await start();
    expect(await subscriptions.setDigest({ ...command('C0SALES'), digest: MONDAY_9 })).toEqual({ done: 'nothing' });
  });
});

test('the digest as it would go out now: of the meters of that place, or of all where nothing is subscribed', async () => {
  const { subscriptions, ...pipeline } = await start();
  await subscribe(subscriptions, 'C0SALES', ['apollo_contacts']);
  await pipeline.push(figures);
  await pipeline.goTo('2026-11-11T10:00:00Z');
  await pipeline.push(figures);
  const now = async (address: string | null) => {
    const message = messageFor(await subscriptions.digestNow('default', address === null ? null : place(address)), {
      timeZone: 'Europe/Berlin',
      mentions: [],
      place: 'new',
    });
    return plainMessage(message, { timeZone: 'Europe/Berlin', now: pipeline.now() });
  };
  expect(await now('C0SALES')).toBe('📊 Credits, 4–10 Nov: fine, nothing runs out before 1 Dec. As of 11:00.');
  expect(await now('C0ELSEWHERE')).toMatch(/^📊 Credits, 4–10 Nov: all 2 fine/);
  expect(await now(null)).toMatch(/^📊 Credits, 4–10 Nov: all 2 fine/);
});

test('two who subscribe a channel at once, while a process starts, leave one route', async () => {
  const { subscriptions, ...pipeline } = await start();
  await Promise.all([subscribe(subscriptions, 'C0SALES'), subscribe(subscriptions, 'C0SALES', 'all', 'U0TOM'), pipeline.declare(FILE)]);
  expect(await subscriptions.at('default', place('C0SALES'))).toHaveLength(1);
});
