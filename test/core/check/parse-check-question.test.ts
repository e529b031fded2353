import { describe, expect, test } from 'vitest';
import type { Meter } from '../../../src/core/meters/meter.ts';
import { parseCheckQuestion } from '../../../src/core/check/parse-check-question.ts';

const NOW = new Date('2026-11-23T14:05:00Z');

function meter(key: string, label: string, decimals = 0): Meter {
  return {
    id: key,
    account: 'default',
    source: 'abmatic',
    key,
    label,
    unit: 'credits',
    decimals,
    aliases: [],
    owner: null,
    consequence: null,
    resets: true,
  };
}

const all = [
  meter('campaigns', 'Campaigns'),
  meter('open_ai', 'OpenAI Tokens'),
  meter('apollo_contacts', 'Apollo Contacts'),
  meter('abmatic_contacts', 'Abmatic Contacts'),
  meter('gpt_4', 'GPT 4'),
  meter('spend', 'Spend', 2),
];

/** Part of a name is enough, as in the commands. */
function resolve(name: string): readonly Meter[] {
  const wanted = name.toLowerCase();
  const exact = all.filter((one) => [one.key, one.label.toLowerCase()].includes(wanted));
  return exact.length > 0 ? exact : all.filter((one) => one.label.toLowerCase().includes(wanted));
}

function ask(text: string) {
  const question = parseCheckQuestion(text, resolve, NOW, 'UTC');
  if (!question.ok) return question.error;
  return [
    ...question.value.items.map((item) => `${item.meter.key} ${String(item.amount)}`),
    ...(question.value.by ? [`by ${question.value.by.text}`] : []),
  ].join(', ');
}

describe('a question', () => {
  test.each([
    ['campaigns 50k', 'campaigns 50000'],
    ['campaigns 50k open_ai 2M by 5 dec', 'campaigns 50000, open_ai 2000000, by 5 Dec'],
    ['Apollo Contacts 50k', 'apollo_contacts 50000'],
    ['apollo 50,000 OpenAI Tokens 2 million BY tomorrow', 'apollo_contacts 50000, open_ai 2000000, by 24 Nov'],
    ['GPT 4 50k', 'gpt_4 50000'],
    ['gpt 4', 'gpt_4 4'],
    ['  campaigns   50k  ', 'campaigns 50000'],
    ['campaigns 50k campaigns 20k', 'campaigns 70000'],
    ['spend 25.75', 'spend 2575'],
    ['campaigns 50 000', 'campaigns 50000'],
    ['campaigns 1\u00A0500\u00A0000 open_ai 2 000 by friday', 'campaigns 1500000, open_ai 2000, by 27 Nov'],
    ['spend 1 614,50', 'spend 161450'],
    ['GPT 4 500', 'gpt_4 500'],
  ])('"%s" asks for %s', (text, understood) => {
    expect(ask(text)).toBe(understood);
  });

  test.each([
    ['', { kind: 'nothing-asked' }],
    ['by friday', { kind: 'nothing-asked' }],
    ['campaigns', { kind: 'no-amount', name: 'Campaigns' }],
    ['apollo 50k campaigns', { kind: 'no-amount', name: 'Campaigns' }],
    ['50k', { kind: 'no-meter', amount: '50k' }],
    ['50k campaigns', { kind: 'no-meter', amount: '50k' }],
    ['campains 50k', { kind: 'unknown-meter', name: 'campains' }],
    ['campaigns 50k nonsense 20k', { kind: 'unknown-meter', name: 'nonsense' }],
    ['nonsense', { kind: 'unknown-meter', name: 'nonsense' }],
    ['campaigns 1e6', { kind: 'bad-amount', text: '1e6', problem: { code: 'scientific' } }],
    ['campaigns -5', { kind: 'bad-amount', text: '-5', problem: { code: 'negative' } }],
    ['campaigns fifty', { kind: 'bad-amount', text: 'fifty', problem: { code: 'not-an-amount' } }],
    ['campaigns 50k by someday', { kind: 'bad-date', text: 'someday', problem: { code: 'not-a-date' } }],
    ['campaigns 50k by', { kind: 'bad-date', text: '', problem: { code: 'empty' } }],
    [Array.from({ length: 61 }, () => 'x').join(' '), { kind: 'too-much' }],
  ])('"%s" is not understood, and says why', (text, why) => {
    expect(ask(text)).toEqual(why);
  });

  test('"contacts 50k" could mean two meters', () => {
    expect(ask('contacts 50k')).toEqual({ kind: 'ambiguous-meter', name: 'contacts', meters: [all[2], all[3]] });
  });

  test('sixty words that nearly fit are read without trying every combination', () => {
    const words = Array.from({ length: 29 }, () => 'gpt 4').join(' ');
    expect(ask(`${words} oops`)).toEqual({ kind: 'unknown-meter', name: 'oops' });
  });
});
