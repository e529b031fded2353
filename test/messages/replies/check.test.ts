import { describe, expect, test } from 'vitest';
import type { Meter } from '../../../src/core/meters/meter.ts';
import { checkResult, type CheckInput } from '../../../src/core/check/check.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { plainMessage, plainRichText } from '../../../src/messages/text/plain.ts';
import { checkNotUnderstood, checkMessage, type CheckAnswer } from '../../../src/messages/replies/check.ts';
import { november } from '../../support/watching.ts';

const iso = (text: string) => new Date(text);
const NOW = iso('2026-11-18T08:58:00Z');

function meter(label: string, unit: string, decimals = 0): Meter {
  return {
    id: label,
    account: 'default',
    source: 'abmatic',
    key: label,
    label,
    unit,
    decimals,
    aliases: [],
    owner: null,
    consequence: null,
    resets: true,
  };
}

const apollo = meter('Apollo Contacts', 'credits');
const campaigns = meter('Campaigns', 'visitors');
const apolloReading: Reading = { used: 803_412n, total: 1_000_000n, observedAt: NOW, period: november };
const campaignsReading: Reading = { used: 494_936n, total: 1_000_000_000n, observedAt: NOW, period: november };

function ask(one: Meter, overrides: Partial<CheckInput>): CheckAnswer {
  return {
    meter: one,
    checkResult: checkResult({
      amount: 50_000n,
      by: null,
      reading: apolloReading,
      period: november,
      recurs: null,
      pacePerDay: 45_700_123n,
      stale: false,
      now: NOW,
      timeZone: 'UTC',
      ...overrides,
    }),
  };
}

const read = (...answers: readonly CheckAnswer[]) => plainMessage(checkMessage(answers, 'UTC'), { timeZone: 'UTC', now: NOW });

describe('one meter', () => {
  test('fits', () => {
    expect(read(ask(campaigns, { reading: campaignsReading }))).toBe(
      '✅ Fits. 50,000 visitors; 999,505,064 left, lasts until 1 Dec. As of 08:58.',
    );
  });

  test('fits until', () => {
    expect(read(ask(apollo, {}))).toBe(
      '⚠️ Fits only until about 21 Nov.\n196,588 Apollo Contacts left; after your 50,000 the usual 45,700 a day uses the rest in 3 days. To reach 1 Dec: about 431,000 more.\nAs of 08:58',
    );
  });

  test('fits until later today', () => {
    expect(read(ask(apollo, { amount: 190_000n }))).toContain('the usual 45,700 a day uses the rest within a day.');
  });

  test('takes all that is left', () => {
    expect(read(ask(apollo, { amount: 196_588n }))).toContain('after your 196,588 nothing is left for the usual 45,700 a day.');
  });

  test('does not fit', () => {
    expect(read(ask(apollo, { amount: 250_000n }))).toBe('❌ Does not fit: 250,000 needed, 196,588 left, 53,412 short.\nAs of 08:58');
  });

  test('does not fit, for it is over already', () => {
    expect(read(ask(apollo, { reading: { ...apolloReading, used: 1_000_214n } }))).toBe(
      '❌ Does not fit: 50,000 needed, already 214 over, 50,214 short.\nAs of 08:58',
    );
  });

  test.each<[string, Partial<CheckInput>, string]>([
    [
      'figures of nine days ago',
      { stale: true, reading: { ...apolloReading, observedAt: iso('2026-11-09T08:00:00Z') } },
      "❓ Can't say: figures are 9 days old (196,588 left then).",
    ],
    [
      'figures of this morning that are polled every minute',
      { stale: true, reading: { ...apolloReading, observedAt: iso('2026-11-18T03:00:00Z') } },
      "❓ Can't say: figures are 5 hours old (196,588 left then).",
    ],
    [
      'figures of a period that has ended',
      { now: iso('2026-12-02T08:00:00Z') },
      "❓ Can't say: the period of the figures has ended (196,588 left on 18 Nov).",
    ],
    ['no figures', { reading: null }, "❓ Can't say: no figures yet."],
    ['no reset day', { period: null }, "❓ Fits today, 196,588 left. I don't know the reset day.\nAs of 08:58"],
    ['no limit', { reading: { ...apolloReading, total: null } }, '✅ Fits: unlimited.'],
    ['no known total', { reading: { ...apolloReading, total: null, isAtLeast: true } }, "❓ Can't say: its total is not known."],
    [
      'no pace',
      { pacePerDay: null },
      '✅ Fits. 50,000 credits; 196,588 left. Too early to tell whether the rest lasts until 1 Dec. As of 08:58.',
    ],
    [
      'a balance',
      { period: 'never', pacePerDay: 1_000_000n },
      '✅ Fits. 50,000 credits; 196,588 left, lasts until about 13 Apr. As of 08:58.',
    ],
    ['a balance of which nothing is used', { period: 'never', pacePerDay: 0n }, '✅ Fits. 50,000 credits; 196,588 left. As of 08:58.'],
    [
      'a day before the reset',
      { by: { text: '19 Nov', end: iso('2026-11-20T00:00:00Z') } },
      '✅ Fits. 50,000 credits; 196,588 left, lasts until 19 Nov. As of 08:58.',
    ],
    [
      'a day after the reset',
      { by: { text: '5 Dec', end: iso('2026-12-06T00:00:00Z') } },
      '✅ Fits into the period from 1 Dec. 50,000 credits; 1,000,000 available then, lasts until 5 Dec. As of 08:58.',
    ],
    [
      'too much for the period after the reset',
      { amount: 1_200_000n, by: { text: '5 Dec', end: iso('2026-12-06T00:00:00Z') } },
      '❌ Does not fit: 1,200,000 needed, 1,000,000 in the period from 1 Dec, 200,000 short.\nAs of 08:58',
    ],
  ])('with %s', (_case, overrides, text) => {
    expect(read(ask(apollo, overrides))).toBe(text);
  });

  test('of money has its decimals, and its pace three digits', () => {
    const spend = meter('Spend', 'USD', 2);
    expect(
      read(ask(spend, { amount: 5_000n, reading: { ...apolloReading, used: 80_000n, total: 100_000n }, pacePerDay: 1_523_456n })),
    ).toBe(
      '⚠️ Fits only until about 28 Nov.\n200.00 Spend left; after your 50.00 the usual 15.2 a day uses the rest in 9 days. To reach 1 Dec: about 42.4 more.\nAs of 08:58',
    );
  });

  test('is named in the notification', () => {
    expect(plainRichText(checkMessage([ask(apollo, { amount: 250_000n })], 'UTC').summary, { timeZone: 'UTC', now: NOW })).toBe(
      '❌ Apollo Contacts: does not fit: 250,000 needed, 196,588 left, 53,412 short.',
    );
  });
});

test('several meters are a list', () => {
  expect(read(ask(campaigns, { reading: campaignsReading }), ask(apollo, { amount: 250_000n }))).toBe(
    'Check: 1 of 2 fit\n' +
      '✅ Campaigns: fits. 50,000 visitors; 999,505,064 left, lasts until 1 Dec. As of 08:58.\n' +
      '❌ Apollo Contacts: does not fit: 250,000 needed, 196,588 left, 53,412 short. As of 08:58.',
  );
  expect(
    read(ask(campaigns, { reading: campaignsReading }), ask(apollo, { reading: { ...apolloReading, total: null } })).split('\n'),
  ).toEqual([
    'Check: all 2 fit',
    '✅ Campaigns: fits. 50,000 visitors; 999,505,064 left, lasts until 1 Dec. As of 08:58.',
    '✅ Apollo Contacts: fits: unlimited.',
  ]);
});

test.each([
  [{ kind: 'nothing-asked' } as const, 'Check what? Name a meter and how much of it is needed.'],
  [{ kind: 'no-amount', name: 'Campaigns' } as const, 'How much of Campaigns is needed?'],
  [{ kind: 'no-meter', amount: '50k' } as const, '50k of what? Name the meter first.'],
  [
    { kind: 'ambiguous-meter', name: 'contacts', meters: [apollo, meter('Abmatic Contacts', 'credits')] } as const,
    '"contacts" could be Apollo Contacts or Abmatic Contacts.',
  ],
  [{ kind: 'bad-amount', text: '-5', problem: { code: 'negative' } } as const, '"-5" is negative: say how much you need.'],
  [{ kind: 'bad-date', text: '31 nov', problem: { code: 'no-such-day' } } as const, '"31 nov" is not in the calendar.'],
  [
    { kind: 'bad-date', text: '', problem: { code: 'empty' } } as const,
    'By when? After "by", write it as 5 dec, 2026-12-05, friday or tomorrow.',
  ],
  [{ kind: 'too-much' } as const, 'That is too much for one question: ask for a few meters at a time.'],
])('a question that was not understood is answered with the reason and an example: %o', (why, text) => {
  expect(plainMessage(checkNotUnderstood(why, '/usage check'), { timeZone: 'UTC', now: NOW })).toBe(
    `${text}\nFor example: /usage check campaigns 50k by 5 dec`,
  );
});
