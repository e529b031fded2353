import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIngest } from '../../src/pipeline/ingest/ingest.ts';
import type { Message } from '../../src/core/text/message.ts';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import type { Store } from '../../src/ports/stores/store.ts';
import { chatOver, messageOf } from '../support/chat.ts';
import { createDatabase, type TestDatabase, openTestStore } from '../support/database.ts';
import { shownText } from '../support/slack/connected.ts';
import { ManualClock } from '../support/slack/manual-clock.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { TRANSPORTS } from '../support/slack/hand-over.ts';
import { startAdapter } from '../support/slack/adapter.ts';

const EVIL = '*<!channel>* & <x|y>';
const clock = new ManualClock();

let database: TestDatabase;
let store: Store;
let answer: (text: string, requester: Requester) => Promise<Message>;

async function push(account: string, readings: readonly object[]): Promise<void> {
  const timeZone = 'UTC';
  await store.declare({ id: account, timeZone, admins: [], viewers: null, sources: [], rules: [], routes: [], fallback: [] }, clock.now());
  const ingest = createIngest({ store, log: recordedLog(), newId: randomUUID, wake: () => undefined });
  const report = await ingest({ account, source: 'push', via: 'push', eventId: null, arrivedAt: clock.now(), readings });
  expect(report).toEqual({ accepted: readings.length, duplicates: 0, rejected: [] });
}

beforeAll(async () => {
  database = await createDatabase();
  store = openTestStore(database.url, Buffer.alloc(32, 7));
  const chat = chatOver(store, clock);
  answer = async (text, requester) => messageOf(await chat.answer(text, requester));
  await push('some', [
    { meter: 'apollo_contacts', label: 'Apollo Contacts', unit: 'credits', used: 803_412, total: 1_000_000 },
    { meter: 'campaigns', label: 'Campaigns', unit: 'visitors', used: 494_936, total: 1_000_000_000 },
    { meter: 'evil', label: EVIL, unit: 'credits', used: 1, total: 10_000 },
  ]);
  await push(
    'many',
    Array.from({ length: 200 }, (_, index) => ({
      meter: `meter_${String(index)}`,
      label: `Meter ${String(index)}`,
      unit: 'credits',
      used: 900,
      total: 1000,
    })),
  );
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

describe.each(TRANSPORTS)('what people type after /usage, over %s', (transport) => {
  async function typed(
    text: string,
    { account = 'some', command = '/usage' } = {},
  ): Promise<{ shown: string; text: string; blocks: unknown }> {
    const started = await startAdapter(transport, { answer, accountOf: () => account });
    await started.command({ text, command });
    const { body, text: spoken } = await started.slack.told.next(() => true);
    expect(body['response_type']).toBe('ephemeral');
    expect(started.slack.posts.all).toEqual([]);
    return { shown: shownText(body['blocks']), text: spoken, blocks: body['blocks'] };
  }

  it.each([
    ['nothing', '', /^Credits: 1 of 3 needs attention · as of .*\n🟠 Apollo Contacts {2}803,412 \/ 1,000,000 credits used · 80%\n/],
    ['spaces alone', '   ', /^Credits: 1 of 3 needs attention/],
    ['the beginning of a name', 'apollo', /Apollo Contacts {2}803,412 \/ 1,000,000 credits used · 80%/],
    ['extra spaces and mixed case', '  APOLLO    ContActs  ', /Apollo Contacts {2}803,412/],
    ['a key', 'Apollo_Contacts', /Apollo Contacts {2}803,412/],
    ['a source and a key', 'push/campaigns', /Campaigns {2}494,936/],
    ['a slip', 'apolo', /^No meter "apolo"\. Did you mean Apollo Contacts\?/],
    ['a mention', '<@U1|x>', /^No meter "<@U1\|x>"\.\nAll meters: \/usage/],
    ['a call to everybody', '<!here>', /^No meter "<!here>"\./],
    ['a novel', 'x'.repeat(100_000), /^No meter "x{79}…"\.\nAll meters: \/usage/],
    ['help', 'help', /\/usage +all credits, worst first\n[^]*\nI see totals, not who used them\./],
    ['help in mixed case with extra spaces', '  HeLp  ', /\/usage apollo +one meter/],
  ])('%s gets a useful answer', async (_what, text, shown) => {
    expect((await typed(text)).shown).toMatch(shown);
  });

  it('help names the command as it was typed', async () => {
    const { shown } = await typed('help', { command: '/credits' });
    expect(shown).toMatch(/\/credits apollo +one meter/);
    expect(shown).not.toContain('/usage');
  });

  it(`a meter named ${EVIL} is shown as it is and pings nobody`, async () => {
    for (const text of ['', 'evil', '*&lt;!channel&gt;* &amp; &lt;x|y&gt;']) {
      const answered = await typed(text);
      expect(answered.shown).toContain(`${EVIL}  1 / 10,000 credits used`);
      expect(answered.text).toContain('*&lt;!channel&gt;* &amp; &lt;x|y&gt;  1 / 10,000 credits used');
      expect(answered.text).not.toMatch(/<[!@#|]/);
    }
  });

  it('200 meters fit into at most 50 blocks, and the rest is "+N more"', async () => {
    const { shown, blocks } = await typed('', { account: 'many' });
    expect(shown.match(/ credits used/g)).toHaveLength(20);
    expect(shown).toContain('\n+180 more: /usage <meter>\n');
    expect(Array.isArray(blocks) && blocks.length <= 50).toBe(true);
  });

  it('no meters yet: the next step, not an empty table', async () => {
    expect((await typed('', { account: 'none' })).shown).toMatch(/^No figures yet\.\nFastest: /);
    expect((await typed('apollo', { account: 'none' })).shown).toMatch(/^No meter "apollo"\./);
  });
});
