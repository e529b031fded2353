import { createQueries } from '../../src/queries/queries.ts';
import { describe, expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import type { Meter } from '../../src/core/meters/meter.ts';
import type { Reading } from '../../src/core/meters/reading.ts';
import { plainMessage } from '../../src/messages/text/plain.ts';
import type { Requester } from '../../src/ports/inbound/chat.ts';
import { requesterIn, messageOf, changesNothing } from '../support/chat.ts';
import { readStoreOf, type KnownMeter } from '../support/read-store.ts';

const NOW = new Date('2026-11-23T08:58:00Z');
const november = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
const requester = requesterIn('default');
const clock = { now: () => NOW, sleep: () => Promise.resolve() };

function stored(key: string, label: string, unit: string, reading: Partial<Reading>): KnownMeter {
  const meter: Meter = {
    id: key,
    account: 'default',
    source: 'abmatic',
    key,
    label,
    unit,
    decimals: 0,
    aliases: [],
    owner: null,
    consequence: null,
    resets: true,
  };
  return { meter, reading: { used: 0n, total: 1_000_000n, observedAt: NOW, period: november, ...reading } };
}

const all = [
  stored('campaigns', 'Campaigns', 'visitors', { used: 494_936n, total: 1_000_000_000n }),
  stored('open_ai', 'OpenAI Tokens', 'tokens', { used: 4_984_062n, total: 1_500_000_000n }),
  stored('apollo_contacts', 'Apollo Contacts', 'credits', { used: 803_412n }),
  stored('pasted', 'Pasted Leads', 'credits', { used: 10n, observedAt: new Date('2026-11-14T08:00:00Z') }),
];

async function answer(
  text: string,
  { meters = all, as = requester }: { meters?: readonly KnownMeter[]; as?: Requester } = {},
): Promise<string> {
  const message = await createChat({ queries: createQueries({ store: readStoreOf(meters), clock }), ...changesNothing, clock }).answer(
    text,
    as,
  );
  return plainMessage(messageOf(message), { timeZone: 'UTC', now: NOW });
}

describe('/usage check', () => {
  test('says that an amount fits, and promises nothing about the rest without a pace', async () => {
    expect(await answer('check campaigns 50k')).toBe(
      '✅ Fits. 50,000 visitors; 999,505,064 left. Too early to tell whether the rest lasts until 1 Dec. As of 08:58.',
    );
  });

  test('says by how much it does not fit', async () => {
    expect(await answer('CHECK apollo 250,000')).toBe('❌ Does not fit: 250,000 needed, 196,588 left, 53,412 short.\nAs of 08:58');
  });

  test('takes several meters and a day', async () => {
    expect((await answer('check campaigns 50k open_ai 2M by 27 nov')).split('\n')).toEqual([
      'Check: all 2 fit',
      '✅ Campaigns: fits. 50,000 visitors; 999,505,064 left. Too early to tell whether the rest lasts until 27 Nov. As of 08:58.',
      '✅ OpenAI Tokens: fits. 2,000,000 tokens; 1,495,015,938 left. Too early to tell whether the rest lasts until 27 Nov. As of 08:58.',
    ]);
  });

  test('counts a day after the reset into the next period', async () => {
    expect(await answer('check Apollo Contacts 900k by 5 dec')).toContain(
      '✅ Fits into the period from 1 Dec. 900,000 credits; 1,000,000 available then.',
    );
  });

  test('says nothing from figures of nine days ago', async () => {
    expect(await answer('check pasted leads 5')).toBe("❓ Can't say: figures are 9 days old (999,990 left then).");
  });

  test.each([
    ['check', 'Check what? Name a meter and how much of it is needed.'],
    ['check campaigns', 'How much of Campaigns is needed?'],
    ['check campaigns 1e6', '"1e6" is in scientific notation: write it out, such as 1M or 1,000,000.'],
    ['check campaigns 50k by 31 nov', '"31 nov" is not in the calendar.'],
  ])('answers "%s" with what is wrong and an example', async (text, why) => {
    expect((await answer(text)).split('\n')).toEqual([why, 'For example: /usage check campaigns 50k by 5 dec']);
  });

  test('offers the nearest name for a slip', async () => {
    expect(await answer('check apolo 50k')).toBe('No meter "apolo". Did you mean Apollo Contacts?\nAll meters: /usage');
  });

  test('knows the asker’s account alone', async () => {
    expect(await answer('check campaigns 50k', { as: { ...requester, account: 'other' } })).toContain('No figures yet.');
  });

  test('stands in the help', async () => {
    expect(await answer('help')).toContain('/usage check campaigns 50k open_ai 2M by 5 dec');
  });
});
