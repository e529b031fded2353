import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { chatOver, messageOf, requesterIn } from '../support/chat.ts';
import { createDatabase, openTestStore, type TestDatabase } from '../support/database.ts';
import { slackUser } from '../support/people.ts';
import { NOW, printed } from '../messages/credits.ts';

const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };
const ANNA = slackUser('U0ANNA');

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openTestStore(database.url, Buffer.alloc(32, 7));
  await store.declare(
    { id: 'default', timeZone: 'UTC', admins: [ANNA], viewers: null, sources: [], rules: [], routes: [], fallback: [] },
    NOW,
  );
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

test('an admin gets a capture key, which only they see, in a channel too', async () => {
  const reply = await chatOver(store, clock).answer('capture abmatic, hubspot', requesterIn('default', { person: ANNA }));
  expect(reply).toMatchObject({ kind: 'message', to: 'alone' });
  const [key] = await store.captures.list('default');
  expect(key).toMatchObject({ sources: ['abmatic', 'hubspot'], by: ANNA, madeAt: NOW });
  expect(printed(messageOf(reply))).toMatch(/\bcwp_[\w-]{32}(?![\w-])/);
  expect(printed(messageOf(reply))).toContain(key?.name);
  expect(printed(messageOf(reply))).toMatch(
    /https:\/\/credits\.example\/capture#key=cwp_[\w-]{32}&source=abmatic&page=\S*&source=hubspot&page=\S*&at=08%3A00&zone=UTC\b/,
  );
});

test('a member who is no admin gets none, and neither does one who names no source', async () => {
  const before = await store.captures.list('default');
  const tom = requesterIn('default', { person: slackUser('U0TOM') });
  for (const [typed, requester] of [
    ['capture abmatic', tom],
    ['capture', requesterIn('default', { person: ANNA })],
    ['capture a/b', requesterIn('default', { person: ANNA })],
  ] as const) {
    const reply = await chatOver(store, clock).answer(typed, requester);
    expect(reply).toMatchObject({ kind: 'message', to: 'alone' });
    expect(printed(messageOf(reply))).not.toContain('cwp_');
  }
  expect(await store.captures.list('default')).toEqual(before);
});

test('a name that looks mistyped is asked about, and --new creates it', async () => {
  const before = await store.captures.list('default');
  const anna = requesterIn('default', { person: ANNA });
  const asked = await chatOver(store, clock).answer('capture abmtic', anna);
  expect(messageOf(asked).buttons).toMatchObject([{ action: 'show', value: 'capture abmatic' }]);
  expect(await store.captures.list('default')).toEqual(before);
  for (const [typed, source] of [
    ['capture --new abmtic', 'abmtic'],
    ['capture —new abmati', 'abmati'],
    ['capture abatic --new', 'abatic'],
    ['capture new relic', 'new relic'],
    ['capture --newer', '--newer'],
  ] as const) {
    await chatOver(store, clock).answer(typed, anna);
    expect((await store.captures.list('default')).map(({ sources }) => sources)).toContainEqual([source]);
  }
});
