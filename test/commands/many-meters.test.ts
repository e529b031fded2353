import { createQueries } from '../../src/queries/queries.ts';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeAll, describe, expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import { findMeters, findOne } from '../../src/commands/find-meters.ts';
import { matchMeters, metersNamedIn, nearestMeter, noSuchMeter, withNames } from '../../src/commands/match-meter.ts';
import { meterAndSpan } from '../../src/commands/meter-and-span.ts';
import type { Meter } from '../../src/core/meters/meter.ts';
import { parseCheckQuestion } from '../../src/core/check/parse-check-question.ts';
import type { Message } from '../../src/core/text/message.ts';
import { requesterIn, changesNothing, messageOf } from '../support/chat.ts';
import { meterNow, readStoreOf } from '../support/read-store.ts';
import { credit, NOW } from '../messages/credits.ts';
import { cpuMs } from '../support/cpu-time.ts';

// Large: 10,000 meters.

const COUNT = 50_000;
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const requester = requesterIn('default');

/** As many meters as an account may have, with names that are hard on a search: alike, long and of many words. */
const METERS = Array.from({ length: COUNT }, (_, at) =>
  meterNow(
    credit(`Apollo contacts of campaign ${at} ${'and then '.repeat(at % 12)}`.trim(), 1, 1_000, {
      key: `apollo_contacts_of_campaign_${at}`,
      id: `meter-${at}`,
      source: `source-${at % 3}`,
    }),
  ),
);

/** Enough for what takes longer than its search, such as reading all names anew. */
const SOME = METERS.slice(0, 10_000);

const LONG = 'apollo contact '.repeat(26).trim();
const ASKED: readonly (readonly [string, string])[] = [
  ['one slip', 'apollo_contacts_of_campain_4000'],
  ['nothing near', 'zzzzzzzzzz'],
  ['a part of all', 'contacts'],
  ['words that all names hold, in no order of theirs', LONG],
  ['words that no name holds', 'qq ww ee rr tt yy uu ii oo pp aa ss dd ff gg hh jj kk ll'],
  ['one letter, often', 'a '.repeat(200).trim()],
  ['a long word', 'apollocontacts'.repeat(28)],
  ['a question', 'what is left of the apolo contacts please?'],
];

/** The longest time, in milliseconds, for which nothing else had a turn. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return delay.max / 1e6;
}

describe(`names among ${COUNT} meters`, () => {
  let meters: readonly Meter[] = [];
  let readingMs = Infinity;
  let turnsOfOthers = 0;
  beforeAll(async () => {
    let isOver = false;
    const others = (async () => {
      while (!isOver) {
        turnsOfOthers += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    readingMs = await cpuMs(async () => {
      meters = await withNames(METERS);
    });
    isOver = true;
    await others;
  });

  test('are read in parts, between which others have their turn', () => {
    expect(turnsOfOthers).toBeGreaterThan(20);
  });

  // Among 50,000 meters each search takes some 50 ms of CPU time where nothing else runs. Searches without a bound took seconds to minutes.
  test.each(ASKED)('are sought in bounded time: %s', async (_what, asked) => {
    // Not all of them, because reading their names anew for each question takes longer than the searches.
    const read = await withNames(SOME);
    expect(await cpuMs(() => [matchMeters(asked, read), metersNamedIn(asked, read), nearestMeter(asked, read)])).toBeLessThan(1_000);
    expect(await cpuMs(() => meterAndSpan(asked, (name) => matchMeters(name, read), 20_000))).toBeLessThan(1_000);
    expect(await cpuMs(() => parseCheckQuestion(`${asked} 5`, (name) => matchMeters(name, read), NOW, 'UTC'))).toBeLessThan(1_000);
  });

  test('are sought in bounded time among all that an account may have', async () => {
    const all = await withNames(METERS);
    for (const [, asked] of ASKED) expect(await cpuMs(() => nearestMeter(asked, all))).toBeLessThan(1_000);
  });

  test('are sought in the time of reading them, in a command that reads them', async () => {
    const [, asked = ''] = ASKED[0] ?? [];
    const finder = findMeters(createQueries({ store: readStoreOf(SOME), clock }), 'default');
    expect(await cpuMs(() => findOne(asked, finder, { requester, asking: (name) => name }))).toBeLessThan(2 * readingMs + 1_500);
  });

  test('are found all the same: exactly, by a part, by a slip, among other words', () => {
    expect(matchMeters('source-1/apollo_contacts_of_campaign_40000', meters).map(({ id }) => id)).toEqual(['meter-40000']);
    expect(matchMeters('campaign 40000', meters).map(({ id }) => id)).toEqual(['meter-40000']);
    expect(nearestMeter('apollo_contacts_of_campain_40000', meters)?.id).toBe('meter-40000');
    expect(metersNamedIn('please show campaign 40000', meters).map(({ id }) => id)).toEqual(['meter-40000']);
    expect(matchMeters('source-2', meters)).toHaveLength(Math.floor(COUNT / 3));
  });

  test('are not compared without an end: what was asked too often in one question is found by its whole name alone', () => {
    const fresh = SOME.map(({ meter }) => meter);
    for (let at = 0; at < 1_000; at += 1) matchMeters(`campaign${at} `, fresh);
    expect(matchMeters('ampaign 9000', fresh)).toEqual([]);
    expect(matchMeters('apollo contacts of campaign 8988', fresh).map(({ id }) => id)).toEqual(['meter-8988']);
    const cutShort = JSON.stringify(noSuchMeter('zzzzzzzzzz', fresh, { requester, asking: (name) => name }));
    expect(cutShort).toContain('Type the full name of the meter.');
    const whole = JSON.stringify(noSuchMeter('zzzz', fresh.slice(0, 9), { requester, asking: (name) => name }));
    expect(whole).not.toContain('Type the full name of the meter.');
  });
});

test('a mistyped /usage among many meters is answered while others have their turn', async () => {
  const chat = createChat({
    ...changesNothing,
    queries: createQueries({ store: readStoreOf(SOME, 'UTC'), clock }),
    clock,
  });
  const messages: Message[] = [];
  const block = await longestBlock(
    async () => void messages.push(messageOf(await chat.answer('apollo_contacts_of_campain_40000', requester))),
  );
  expect(messages.map(({ buttons }) => buttons?.length)).toEqual([5]);
  // It is some 50 ms, and was 22 s.
  expect(block).toBeLessThan(1_500);
}, 30_000);

test('a channel names no more than 500 meters, and says so; all of them are one word', async () => {
  const subscribed: unknown[] = [];
  const subscriptions: typeof changesNothing.subscriptions = {
    ...changesNothing.subscriptions,
    subscribe: async ({ meters }) => (subscribed.push(meters), { done: 'managed-in-file' }),
  };
  const store = readStoreOf(METERS.slice(0, 1_000), 'UTC');
  const chat = createChat({ ...changesNothing, subscriptions, queries: createQueries({ store, clock }), clock });
  const here = requesterIn('default', { place: { kind: 'slack', address: 'C0FAKE' } });
  const refused = JSON.stringify(messageOf(await chat.answer('subscribe contacts', here)));
  expect(refused).toContain('500');
  expect(subscribed).toEqual([]);
  await chat.answer('subscribe all', here);
  await chat.answer('subscribe apollo_contacts_of_campaign_7', here);
  expect(subscribed).toEqual(['all', ['source-1/apollo_contacts_of_campaign_7']]);
});
