import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RouteSettings } from '../../src/core/notifications/route.ts';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { requesterIn, chatOver, messageOf } from '../support/chat.ts';
import { createDatabase, type TestDatabase, openTestStore } from '../support/database.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { NOW, OBSERVED, printed } from '../messages/credits.ts';

const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };
const SETTINGS: RouteSettings = {
  meters: 'all',
  operations: false,
  mention: {},
  digest: null,
  timeZone: null,
  onlyIfRunningOut: false,
  recovery: 'thread',
};

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = openTestStore(database.url, Buffer.alloc(32, 7));
  const declare = (id: string, channels: readonly string[]) =>
    store.declare(
      {
        id,
        timeZone: 'UTC',
        admins: [],
        viewers: null,
        sources: [],
        rules: [],
        routes: channels.map((address) => ({ id: address, destination: { kind: 'slack', address }, settings: SETTINGS })),
        fallback: [],
      },
      NOW,
    );
  await declare('routed', ['C0123456789']);
  await declare('alone', []);
  await declare('empty', []);
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => {} });
  for (const [account, used] of [
    ['routed', 1],
    ['alone', 2],
  ] as const) {
    await ingest({
      account,
      source: 'push',
      via: 'push',
      eventId: null,
      arrivedAt: NOW,
      readings: [{ meter: 'leads', unit: 'credits', used, total: 1_000, observedAt: OBSERVED.toISOString() }],
    });
  }
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

async function typed(text: string, { account = 'routed', invokedAs = '/usage' } = {}): Promise<string> {
  return printed(messageOf(await chatOver(store, clock).answer(text, requesterIn(account, { invokedAs }))));
}

describe('a typed command', () => {
  test.each(['', '   ', '\n'])('%j is the overview', async (text) => {
    expect(await typed(text)).toBe('Leads is fine · as of 14:05\n🟢 Leads  1 / 1,000 credits used · 0.1%');
  });

  test.each(['leads', '  LEADS  ', 'push/leads'])('%j is the meter', async (text) => {
    expect(await typed(text)).toBe(
      "🟢 Leads  1 / 1,000 credits used · 0.1%\n   999 left\nToo early to tell how long it lasts.\nI don't know when it resets.\npush/leads · as of 14:05",
    );
  });

  test.each(['help', ' HELP ', 'help me'])('%j is the help, with the command as it was typed', async (text) => {
    expect(await typed(text, { invokedAs: '/credits' })).toBe(`My commands:
/credits                      all credits, worst first
/credits apollo               one meter, with trend
/credits check campaigns 50k open_ai 2M by 5 dec
/credits subscribe sales      alerts and Monday digest here (in a DM: for you)
/credits request apollo · alerts · snooze · history · export · billing
To explain one command: /credits help check
I see totals, not who used them.`);
  });

  test('shows one account nothing of another', async () => {
    expect(await typed('leads', { account: 'alone' })).toContain('2 / 1,000');
    expect(await typed('leads', { account: 'empty' })).toMatch(/^No meter "leads"\.\nNo figures yet\./);
    expect(await typed('', { account: 'empty' })).toMatch(/^No figures yet\./);
    expect(await typed('', { account: 'unknown' })).toMatch(/^No figures yet\./);
  });

  test('says that no channel gets alerts where none does, whatever other accounts have', async () => {
    expect(await typed('', { account: 'alone' })).toMatch(/\nNo channel gets alerts yet: \/usage subscribe$/);
  });

  test('fails as "unavailable" while the database is away, and with nothing else', async () => {
    const gone = openTestStore('postgresql://nobody:x@127.0.0.1:1/none', Buffer.alloc(32));
    await expect(chatOver(gone, clock).answer('', requesterIn('routed'))).rejects.toBeInstanceOf(StoreUnavailable);
    await gone.close();
  });
});
