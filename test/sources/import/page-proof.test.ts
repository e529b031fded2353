import { describe, expect, test } from 'vitest';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';

/** Another line of the page says that its figures are used. */
const OTHER = 'Tokens 5/10 used';

describe('a percentage beside the figures', () => {
  test.each([
    ['Mails 850/1,000 (15% left)', '850'],
    ['Mails 850/1,000 (85% left)', '150'],
    ['Mails 850/1,000 (85% used)', '850'],
    ['Mails 850/1,000 (15% used)', '150'],
    ['Mails 850/1,000 (left: 15%)', '850'],
    ['Mails 850/1,000 15% left', '850'],
    ['Mails 850/1,000 used (15% left)', '850'],
    ['Mails 850/1,000 left (15% used)', '150'],
    ['Mails 850/1,000 left (85%)', '150'],
    ['Mails 500/1,000 (50% left)', '500'],
    ['Mails 1,614/1,000,000 (99.84% left)', '1614'],
    ['Mails 850/1.000 (15 % übrig)', '850'],
    ['Mails remaining: 150/1,000 (15% left)', '850'],
  ])('%s: %s used', (line, used) => {
    const { readings, notes } = parseUsagePage(`${line}\n${OTHER}`);
    expect(notes).toEqual([]);
    expect(readings[0]).toMatchObject({ used });
  });

  test.each([
    'Mails 850/1,000 used (15% used)',
    'Mails 850/1,000 left (15% left)',
    'Mails 850/1,000 (40% left)',
    'Mails remaining: 850/1,000 (15% left)',
  ])('%s contradicts itself', (line) => {
    const { readings, notes } = parseUsagePage(`${line}\n${OTHER}`);
    expect(readings).toHaveLength(1);
    expect(notes).toEqual([{ line: expect.any(Number), text: expect.any(String), problem: { kind: 'sums-differ' } }]);
  });
});

describe('what the lines below figures state', () => {
  test.each([
    ['Email credits 1,600 / 2,000\n400 used', '400'],
    ['Email credits 1,600 / 2,000\n1,600 used', '1600'],
    ['Email credits 1,600 / 2,000\n1,600 remaining', '400'],
    ['Email credits 1,600 / 2,000\n20% used', '400'],
    ['Email credits 400 / 2,000\n80% used', '1600'],
    ['Email credits\n386 / 1,000\n39% left', '614'],
    ['Email credits\n1,600 / 2,000\nUsed: 400', '400'],
    ['Email credits 1,600 / 2,000\n400 credits used this month', '400'],
    ['Email credits 1,600 / 2,000\nResets on 1 December\n400 used', '400'],
    ['Email credits 1600 / 2000\n\n400 verbraucht', '400'],
    ['Email credits 1,600 / 2,000\n400 used today', '1600'],
    ['Email credits 1,600 / 2,000\n400 used last month', '1600'],
    ['Email credits 1,600 / 2,000\n400 calls used', '1600'],
    ['Email credits 1,600 / 2,000\nCalls used: 400', '1600'],
    ['Email credits 1,600 / 2,000\n$400 spent', '1600'],
    ['Email credits 1,600 / 2,000\nPhone credits\n400 used', '1600'],
    ['Email credits 1,010 / 2,000\n50% used', '1010'],
  ])('%j: %s used', (page, used) => {
    expect(parseUsagePage(`Usage\n${page}`).readings).toMatchObject([{ meter: 'email_credits', used }]);
  });

  test.each(['Email credits 1,600 / 2,000\n500 used', 'Email credits 400 / 2,000\n50% used', 'Email credits 1,600 / 2,000\n500 left'])(
    '%j contradicts itself',
    (page) => {
      const { readings, notes } = parseUsagePage(`Usage\n${page}`);
      expect(readings).toEqual([]);
      expect(notes).toMatchObject([{ line: 2, problem: { kind: 'sums-differ' } }]);
    },
  );
});

describe('words before figures, on a page that says used elsewhere', () => {
  test.each(['übrige Mails 900/1000', 'Übrige Credits 900/1000', 'Spare credits 900/1000', 'Restliche Credits: 900/1000'])(
    '%s: remaining',
    (line) => {
      expect(parseUsagePage(`${line}\n${OTHER}`).readings[0]).toMatchObject({ used: '100' });
    },
  );

  test.each([
    'Credit balance: 900/1,000',
    'Guthaben: 900/1.000',
    'Saldo crediti: 900/1.000',
    'Solde crédits 900/1000',
    'Tegoed credits 900/1000',
    'Offene Credits 900/1000',
    'Faltam 900 de 1000 créditos',
    'Faltan 900 de 1000 créditos',
    'You have 900 of 1,000 emails',
    'Credits: you have 900 of 1,000',
    'Sie haben 900 von 1000 Credits',
  ])('%s is not read as used', (line) => {
    const { readings, notes } = parseUsagePage(`${line}\n${OTHER}`);
    expect(readings.filter(({ used }) => used === '900')).toEqual([]);
    if (readings.length === 1) expect(notes).toEqual([expect.objectContaining({ text: line })]);
  });

  test.each([
    'Guthaben: 900/1.000 verbraucht',
    'Credit balance: 900/1,000 (100 left)',
    'You have used 900 of 1,000 emails',
    'Mails 900/1000',
  ])('%s stays used', (line) => {
    expect(parseUsagePage(`${line}\n${OTHER}`).readings[0]).toMatchObject({ used: '900' });
  });
});

test.each([
  'Contacts 10–20/100',
  'Contacts ~20/100',
  'Contacts >20/100',
  'Contacts <1/100',
  'Contacts about 20/100',
  'Contacts 20/100–200',
])('%s is not an exact figure', (line) => {
  const { readings, notes } = parseUsagePage(`${line} used`);
  expect(readings).toEqual([]);
  expect(notes).toEqual([expect.objectContaining({ text: `${line} used` })]);
});

test('full-width digits are digits, and m after tokens means million on either side', () => {
  expect(parseUsagePage('Contacts １６/１００ used').readings).toMatchObject([{ used: '16', total: '100' }]);
  for (const line of ['API 120m of 200m tokens used', 'Tokens 120m/200m used'])
    expect(parseUsagePage(line).readings).toMatchObject([{ used: '120000000', total: '200000000' }]);
});
