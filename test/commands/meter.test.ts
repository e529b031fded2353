import { describe, expect, test } from 'vitest';
import { answerMeter } from '../../src/commands/meter.ts';
import { answerOverview } from '../../src/commands/overview.ts';
import { credit, overview, printed } from '../words/credits.ts';

const CREDITS = overview(
  credit('Apollo Contacts', 1_614, 1_000_000, { aliases: ['apollo seats'] }),
  credit('OpenAI Tokens', 5, 1_000, { key: 'open_ai', aliases: ['Open AI'], unit: 'tokens' }),
  credit('Abmatic Accounts', 4, 1_000, { aliases: ['pdl_accounts'] }),
  credit('Abmatic Contacts', 3, 1_000, { aliases: ['pdl_contacts'] }),
  credit('Leads', 2, 1_000, { source: 'push' }),
  credit('Leads', 1, 1_000, { source: 'crm', id: 'leads-of-crm' }),
);
const answer = (asked: string, of = CREDITS) => printed(answerMeter(asked, of, '/usage'));
const titles = (asked: string) => answer(asked).split('\n').filter((line) => line.startsWith('🟢')).map((line) => line.slice(3).split('  ')[0]);

describe('a meter is found', () => {
  test.each([
    ['apollo_contacts', ['Apollo Contacts']],
    ['APOLLO  contacts', ['Apollo Contacts']],
    ['apollo-contacts', ['Apollo Contacts']],
    ['apollo', ['Apollo Contacts']],
    ['apollo seats', ['Apollo Contacts']],
    ['open ai', ['OpenAI Tokens']],
    ['tokens', ['OpenAI Tokens']],
    ['pdl_contacts', ['Abmatic Contacts']],
    ['abmatic/abmatic_contacts', ['Abmatic Contacts']],
    ['crm/leads', ['Leads']],
    ['abmatic', ['Abmatic Accounts', 'Abmatic Contacts']],
    ['contacts', ['Abmatic Contacts', 'Apollo Contacts']],
    ['leads', ['Leads', 'Leads']],
    ['crm', ['Leads']],
  ])('by %j', (asked, labels) => {
    expect(titles(asked)).toEqual(labels);
  });

  test('in detail when it is one, and as a list when a name fits several', () => {
    expect(answer('open_ai')).toBe(`🟢 OpenAI Tokens  5 / 1,000 tokens used · 0.5 %
Period 1 Nov – 1 Dec.
abmatic/open_ai · as of 14:05`);
    expect(answer('abmatic')).toBe(`Credits: all 2 fine · as of 14:05
🟢 Abmatic Accounts  4 / 1,000 credits used · 0.4 %
🟢 Abmatic Contacts  3 / 1,000 credits used · 0.3 %`);
  });
});

describe('a meter that there is not', () => {
  test.each([
    ['apolo', 'No meter "apolo". Did you mean Apollo Contacts?'],
    ['opanai', 'No meter "opanai". Did you mean OpenAI Tokens?'],
    ['acounts', 'No meter "acounts". Did you mean Abmatic Accounts?'],
    ['laeds', 'No meter "laeds".'],
    ['invoices', 'No meter "invoices".'],
    ['', 'No meter "".'],
  ])('%j is answered with the nearest, if one is near', (asked, title) => {
    expect(answer(asked)).toBe(`${title}\nAll meters: /usage`);
  });

  test('before there is any says how to get figures', () => {
    expect(answer('apollo', overview())).toBe(`No meter "apollo".
No figures yet.
Fastest: open the vendor's usage page, copy everything, and paste it: /usage import
Or push them: POST /v1/usage with the ingest key.`);
  });
});

test('the overview before any reading says how to get figures', () => {
  expect(printed(answerOverview(overview(), { routed: false, invokedAs: '/usage' }))).toBe(`No figures yet.
Fastest: open the vendor's usage page, copy everything, and paste it: /usage import
Or push them: POST /v1/usage with the ingest key.`);
});
