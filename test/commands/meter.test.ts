import { createQueries } from '../../src/queries/queries.ts';
import { describe, expect, test } from 'vitest';
import { createChat } from '../../src/commands/chat.ts';
import { requesterIn, changesNothing, messageOf } from '../support/chat.ts';
import { readStoreOf } from '../support/read-store.ts';
import { credit, NOW, printed, type Credit } from '../messages/credits.ts';

const CREDITS = [
  credit('Apollo Contacts', 1_614, 1_000_000, { aliases: ['apollo seats'] }),
  credit('OpenAI Tokens', 5, 1_000, { key: 'open_ai', aliases: ['Open AI'], unit: 'tokens' }),
  credit('Abmatic Accounts', 4, 1_000, { aliases: ['pdl_accounts'] }),
  credit('Abmatic Contacts', 3, 1_000, { aliases: ['pdl_contacts'] }),
  credit('Leads', 2, 1_000, { source: 'push' }),
  credit('Leads', 1, 1_000, { source: 'crm', id: 'leads-of-crm' }),
];
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
const answer = async (asked: string, of: readonly Credit[] = CREDITS) =>
  printed(
    messageOf(
      await createChat({ ...changesNothing, queries: createQueries({ store: readStoreOf(of, 'UTC'), clock }), clock }).answer(
        asked,
        requesterIn('default'),
      ),
    ),
  );
const titles = async (asked: string) =>
  (await answer(asked))
    .split('\n')
    .filter((line) => line.startsWith('🟢'))
    .map((line) => line.slice(3).split('  ')[0]);

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
    ['leads', ['Leads of push', 'Leads of crm']],
    ['crm', ['Leads']],
  ])('by %j', async (asked, labels) => {
    expect(await titles(asked)).toEqual(labels);
  });

  test('in detail when it is one, and as a list with what is known of each when a name fits several', async () => {
    expect(await answer('open_ai')).toBe(`🟢 OpenAI Tokens  5 / 1,000 tokens used · 0.5%
   995 left · reset 1 Dec
Too early to tell how long it lasts.
Period 1 Nov – 1 Dec.
abmatic/open_ai · as of 14:05`);
    expect(await answer('abmatic')).toBe(`Both meters are fine · as of 14:05
🟢 Abmatic Accounts  4 / 1,000 credits used · 0.4%
   996 left · reset 1 Dec
🟢 Abmatic Contacts  3 / 1,000 credits used · 0.3%
   997 left · reset 1 Dec`);
  });
});

describe('a meter that there is not', () => {
  test.each([
    ['apolo', 'No meter "apolo". Did you mean Apollo Contacts?'],
    ['opanai', 'No meter "opanai". Did you mean OpenAI Tokens?'],
    ['acounts', 'No meter "acounts". Did you mean Abmatic Accounts?'],
    ['laeds', 'No meter "laeds".'],
    ['invoices', 'No meter "invoices".'],
    ['<@U1|x>', 'No meter "<@U1|x>".'],
  ])('%j is answered with the nearest, if one is near', async (asked, title) => {
    expect(await answer(asked)).toBe(`${title}\nAll meters: /usage`);
  });

  test('can be shown at a press when one is near', async () => {
    const chat = createChat({ ...changesNothing, queries: createQueries({ store: readStoreOf(CREDITS, 'UTC'), clock }), clock });
    const [show] = messageOf(await chat.answer('apolo', requesterIn('default'))).buttons ?? [];
    expect(show).toMatchObject({ action: 'show', label: 'Show' });
    expect(printed(messageOf(await chat.clickButton({ action: 'show', value: show?.value ?? '' }, requesterIn('default'))))).toContain(
      '🟢 Apollo Contacts',
    );
  });

  test.each(['apollo', ''])('before there is any (%j) says how to get figures', async (asked) => {
    expect(await answer(asked, [])).toBe(`${asked === '' ? '' : 'No meter "apollo".\n'}No figures yet.
Fastest: open the vendor's usage page, copy everything, and paste it: /usage import
Or push them: POST /v1/usage with the ingest key.`);
  });
});
