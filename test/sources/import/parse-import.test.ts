import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseImport } from '../../../src/sources/import/parse-import.ts';
import { cpuMs, leastCpuMs } from '../../support/cpu-time.ts';
import type { ImportNote } from '../../../src/core/text/import-problem.ts';
import { noteCode } from '../../support/import-notes.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const PAGE = fixture('abmatic-usage-page.txt');
const SIX = [
  { meter: 'apollo_contacts', unit: 'credits', used: '1614', total: '1000000' },
  { meter: 'campaigns', unit: 'visitors', used: '494936', total: '1000000000' },
  { meter: 'open_ai', unit: 'tokens', used: '4984062', total: '1500000000' },
  { meter: 'abmatic_accounts', unit: 'credits', used: '24171', total: '4000000' },
  { meter: 'abmatic_contacts', unit: 'credits', used: '40982', total: '20000000' },
  { meter: 'abmatic_ip_reveal', unit: 'lookups', used: '379180', total: '100000000' },
];

function readings(text: string): readonly unknown[] {
  const imported = parseImport(text);
  return imported.ok ? imported.value.readings : [imported.error];
}

function notes(text: string): readonly ImportNote[] {
  const imported = parseImport(text);
  if (imported.ok) return imported.value.notes;
  return imported.error.kind === 'no-figures' ? imported.error.notes : [];
}

/** What is wrong with the lines of a text, in the order of the notes. */
function codes(text: string): readonly string[] {
  return notes(text).map(noteCode);
}

describe('the text of the usage page', () => {
  test('is read as copied: six meters of the source abmatic', () => {
    expect(parseImport(PAGE)).toEqual({
      ok: true,
      value: {
        source: 'abmatic',
        form: 'page',
        readings: SIX,
        places: [3, 5, 7, 9, 11, 13].map((line) => ({ line })),
        notes: [],
        lost: 0,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  const changed = (change: (text: string) => string) => change(PAGE);
  test.each<[string, string]>([
    ['with the line ends of Windows', changed((text) => text.replaceAll('\n', '\r\n'))],
    ['with empty lines between', changed((text) => text.replaceAll('\n', '\n\n  \n'))],
    ['indented by tabs', changed((text) => text.replaceAll(/^/gm, '\t'))],
    ['with the name before the figures', changed((text) => text.replaceAll(/\n(?=\d)/g, '\t'))],
    ['with a colon between', changed((text) => text.replaceAll(/\n(?=\d)/g, ': '))],
    ['all on one line', changed((text) => text.trim().replaceAll('\n', ' ').replace('Credits ', ''))],
    ['with spaces around the slash', changed((text) => text.replaceAll('/', ' / '))],
    ['with "of" for the slash', changed((text) => text.replaceAll('/', ' of '))],
    ['without separators', changed((text) => text.replaceAll(',', ''))],
    ['with points between the digits', changed((text) => text.replaceAll(',', '.'))],
    ['with apostrophes between the digits', changed((text) => text.replaceAll(',', '’'))],
    ['with spaces between the digits', changed((text) => text.replaceAll(',', ' '))],
    ['with narrow spaces between the digits', changed((text) => text.replaceAll(',', '\u202F'))],
    [
      'with spaces that do not break, and the name before the figures',
      changed((text) => text.replaceAll(',', '\u00A0').replaceAll(/\n(?=\d)/g, ' ')),
    ],
    ['with the share behind the figures', changed((text) => text.replaceAll('used', 'used (<0.1 %)'))],
    ['without "used", for these meters are known', changed((text) => text.replaceAll(' used', ''))],
    ['in capitals', changed((text) => text.toUpperCase())],
    ['with a mark of the byte order', `\uFEFF${PAGE}`],
  ])('%s reads the same', (_what, text) => {
    expect(readings(text)).toEqual(SIX);
  });

  test('keeps a name that the vendor uses elsewhere, and makes a key from an unknown name', () => {
    expect(readings('pdl_contacts\n5/10 credits used\nWeb3 Leads & more\n7/10 leads used')).toEqual([
      { meter: 'abmatic_contacts', unit: 'credits', used: '5', total: '10' },
      { meter: 'web3_leads_more', label: 'Web3 Leads & more', unit: 'leads', used: '7', total: '10' },
    ]);
  });

  test.each(['unlimited', 'Unlimited', '∞'])('%s means no allowance', (word) => {
    expect(readings(`Campaigns\n7/${word} visitors used`)).toEqual([{ meter: 'campaigns', unit: 'visitors', used: '7', total: null }]);
  });

  test.each([['5/10/2026'], ['12/2026-03'], ['1,23,4/5 credits used'], ['5GB/10GB used'], ['1,614 credits used'], ['€68.67 spent']])(
    'does not guess the meaning of %s, and reports it',
    (line) => {
      expect(notes(`Apollo Contacts\n${line}`)).toEqual([{ line: 2, text: line, problem: { kind: 'not-read' } }]);
    },
  );

  test.each([
    ['1.6K/1M credits used', '1600', '1000000'],
    ['900/1 M credits used', '900', '1000000'],
    ['1,614.000/1,000,000 credits used', '1614', '1000000'],
    ['1,614.5/1,000,000 credits used', '1614.5', '1000000'],
    ['12,34,567/1,00,00,000 credits used', '1234567', '10000000'],
    ['1.2M of 5M credits used', '1200000', '5000000'],
    ['1,2 Mio/3 Mrd credits used', '1200000', '3000000000'],
    ['900/1,000 credits used', '900', '1000'],
    ["1'614/5'000 credits used", '1614', '5000'],
    ['1 614/5 000 credits used', '1614', '5000'],
    ['1.614 von 5.000 Credits verbraucht', '1614', '5000'],
    ['25,75/100,50 credits used', '25.75', '100.5'],
  ])('reads %s', (line, used, total) => {
    expect(readings(`Apollo Contacts\n${line}`)).toEqual([{ meter: 'apollo_contacts', unit: 'credits', used, total }]);
    expect(notes(`Apollo Contacts\n${line}`)).toEqual([]);
  });

  test('settles an ambiguous number by the others on the page, or reports it', () => {
    const line = 'Acme Credits 1.614/5.000 credits used';
    const note = {
      line: 1,
      text: line,
      problem: { kind: 'bad-number', number: '1.614', problem: { code: 'ambiguous', less: '1.614', more: '1614' } },
    };
    expect(notes(line)).toEqual([note]);
    expect(readings(`${line}\nAcme Rows 7/1.000.000 rows used`)[0]).toMatchObject({ used: '1614', total: '5000' });
    expect(readings(`${line}\nUsed so far: 25,75 €`)[0]).toMatchObject({ used: '1614', total: '5000' });
    expect(notes(`${line}\nAcme Rows 7/1.000.000 rows used\nAcme Spend $25.75/$100.00 used`)).toEqual([note]);
    expect(notes('Acme Credits 1,614 von 5,000 Credits verbraucht')).toMatchObject([{ problem: { ...note.problem, number: '1,614' } }]);
  });

  test.each([
    ['Spend €68.67/€100.00', 'EUR', '68.67', '100'],
    ['Spend: 68,67 € / 100,00 € used', 'EUR', '68.67', '100'],
    ['Spend $1,614.50 of $5,000.00 spent', 'USD', '1614.5', '5000'],
    ['Spend CHF 1’614.50 / CHF 5’000.00', 'CHF', '1614.5', '5000'],
  ])('takes unit and decimals of %s from the currency', (line, unit, used, total) => {
    expect(readings(line)).toEqual([{ meter: 'spend', label: 'Spend', unit, decimals: 2, used, total }]);
  });

  test.each([
    '998,386/1,000,000 contacts remaining',
    '998,386/1,000,000 contacts left',
    '998,386 contacts left of 1,000,000',
    '998,386 of 1,000,000 contacts unused',
    '998,386/1,000,000 contacts available',
    '998,386/1,000,000 contacts not used',
    '998,386/1,000,000 contacts free',
    'Remaining: 998,386/1,000,000 contacts',
    '998.386/1.000.000 contacts verbleibend',
    '998.386 von 1.000.000 contacts übrig',
    '998.386 von 1.000.000 contacts verfügbar',
    '998.386/1.000.000 contacts nicht verbraucht',
    '998 386/1 000 000 contacts restants',
    '998.386/1.000.000 contacts restantes',
    '998,386/1,000,000 contacts remaining (1,614 used)',
    '998,386/1,000,000 contacts (1,614 used)',
    '1,614 used of 1,000,000 contacts (998,386 left)',
    '1,614/1,000,000 contacts used · 998,386 left',
    '1,614/1,000,000 contacts (998,386 remaining)',
    '1,614 contacts used out of 1,000,000 available',
    '1.614/1.000.000 contacts verbraucht',
    '1 614/1 000 000 contacts utilisés',
  ])('"%s" is 1,614 used', (line) => {
    expect(readings(`Apollo Contacts\n${line}`)).toEqual([{ meter: 'apollo_contacts', unit: 'contacts', used: '1614', total: '1000000' }]);
  });

  test.each<[string, string, string, string]>([
    ['Storage 800 MB / 1,000 MB used', 'mb', '800', '1000'],
    ['Storage 512 MiB of 1 GiB used', 'mib', '512', '1024'],
    ['Video 90 min / 2 h used', 'min', '90', '120'],
    ['Video 1.5 h / 120 minutes used', 'minutes', '90', '120'],
    ['Video 30 min left of 2 h', 'min', '90', '120'],
    ['Video 90 min / 2 h used (30 min left)', 'min', '90', '120'],
    ['Video 36 hours of 2 days used', 'hours', '36', '48'],
    ['Credits 5 credits of 10 email credits used', 'email credits', '5', '10'],
  ])('"%s" is converted to one unit', (line, unit, used, total) => {
    expect([readings(line), notes(line)]).toEqual([[expect.objectContaining({ unit, used, total })], []]);
  });

  test.each<[string, object]>([
    ['Storage 800 MB / 1 GB used', { kind: 'two-units', units: ['MB', 'GB'] }],
    ['Traffic 800 Mb / 1,000 MB used', { kind: 'two-units', units: ['Mb', 'MB'] }],
    ['Video 90 min / 2 calls used', { kind: 'two-units', units: ['min', 'calls'] }],
    ['Usage 90 requests / 500 tokens used', { kind: 'two-units', units: ['requests', 'tokens'] }],
    ['Video 90 min / 2 h used (30 left)', { kind: 'two-units' }],
    ['Video 90 min / 120 min used (1 call left)', { kind: 'two-units', units: ['min', 'call'] }],
    ['Spend $5 / €10', { kind: 'bad-number', problem: { code: 'two-currencies', currency: 'EUR', other: 'USD' } }],
    ['Spend $5 of 10 credits used', { kind: 'money-and-other' }],
    ['Spend 5 credits of $10 used', { kind: 'money-and-other' }],
  ])('"%s" is not converted to one unit, and reported', (line, problem) => {
    expect(notes(line)).toMatchObject([{ line: 1, problem }]);
  });

  test.each([
    ['Alpha 1.614 of 10,000', 'contradictory-marks'],
    ['Alpha credits 1.614 of 10,000 used', 'contradictory-marks'],
    ['Alpha credits 1,614 of 10.000 used\nSpend $25.75/$100.00', 'contradictory-marks'],
    ['Alpha credits 1614/1,0000', 'odd-groups'],
    ['Alpha credits 1,0000/20000 used', 'odd-groups'],
    ['Alpha credits 1614/1 0000 used', 'not-read'],
    ['Alpha credits 1614/1,,000 used', 'not-read'],
    ['Alpha credits 1,,614/2,000 used', 'not-read'],
    ['Alpha credits 01,614/10,000 used', 'not-read'],
    ['Alpha 120m/500m used', 'unclear-magnitude'],
    ['Alpha 120b/500b used', 'unclear-magnitude'],
    ['Alpha 120m/500m calls used\nBeta 1h 30m', 'unclear-magnitude'],
  ])('%j is rejected with the reason', (page, why) => {
    expect(readings(page)).not.toContainEqual(expect.objectContaining({ meter: expect.stringContaining('alpha') }));
    expect(codes(page)[0]).toBe(why);
  });

  test.each(['Alpha 120m/500m tokens used', 'Alpha 120m/500m used\nRows 50k/1M rows used', 'Alpha 120m/1.5b used\nBeta 5/500m used'])(
    '%j shows that m is million',
    (page) => {
      expect(readings(page)[0]).toMatchObject({ used: '120000000' });
    },
  );

  test.each([
    'have not been used',
    'credits have not been used',
    'never used',
    'not used yet',
    'yet to be used',
    'can still be used',
    'kann noch verwendet werden',
    'non ancora usati',
    'pas encore utilisés',
    'noch nicht verwendet',
    'todavía no usados',
    'ainda não usados',
    'nog niet gebruikt',
  ])('"30 of 100 %s" is 70 used, and none of the words is the unit', (words) => {
    const unit = words.startsWith('credits') ? { unit: 'credits' } : {};
    expect(readings(`Acme Credits 30 of 100 ${words}`)).toEqual([
      { meter: 'acme_credits', label: 'Acme Credits', ...unit, used: '70', total: '100' },
    ]);
  });

  test.each([
    'can be used',
    'may be used',
    'will be used',
    'still',
    'aún',
    'to go',
    'not expired',
    'können verwendet werden',
    'not available',
  ])('"30 of 100 %s" is reported', (words) => {
    expect(notes(`Acme Credits 30 of 100 credits ${words}`)).toMatchObject([{ problem: { kind: 'unsure' } }]);
  });

  test.each([
    ['You have 50 of 60 credits left', 'Credits', '10', '60'],
    ['Only 30 of your 400 exports remain', 'Exports', '370', '400'],
    ['There are 50 of 60 seats left', 'Seats', '10', '60'],
    ['You have used 50 of 60 credits this month', 'Credits', '50', '60'],
    ['You have not used 50 of 60 credits', 'Credits', '10', '60'],
    ['You can still use 50 of 60 credits', 'Credits', '10', '60'],
    ['You have 50 credits left of 60', 'Credits', '10', '60'],
    ['Acme Credits: you have 50 of 60 left', 'Acme Credits', '10', '60'],
    ['Enrichment\nYou have 50 of 60 credits left', 'Enrichment', '10', '60'],
    ['HubSpot\nYou have 50 of 60 credits left', 'Credits', '10', '60'],
    ['Welcome back!\nYou have 50 of 60 credits left', 'Credits', '10', '60'],
    ['Sie haben noch 30 von 400 Exporten übrig', 'Exporten', '370', '400'],
    ['Es sind nur noch 30 von 400 Exporten übrig', 'Exporten', '370', '400'],
    ['Il ne reste plus que 30 crédits sur 400', 'Crédits', '370', '400'],
    ['Te quedan 30 de 400 créditos', 'Créditos', '370', '400'],
    ['AI 50/60 credits used', 'AI', '50', '60'],
    ['Opt in 50/60 credits used', 'Opt in', '50', '60'],
    ['Spend 50/60 credits used', 'Spend', '50', '60'],
  ])('%j belongs to %s', (page, label, used, total) => {
    expect(readings(page)).toMatchObject([{ label, used, total }]);
  });

  test.each(['You have 50 of 60 left', 'Only 30 of 400', 'You can use 50 of 60 credits', 'You have 50 of 60 credits still'])(
    '%j has no name or no clear meaning, and is reported',
    (line) => {
      expect(notes(line)).toMatchObject([{ text: line }]);
    },
  );

  test.each([
    '7½ of 10 hours',
    'Hours 7½ of 10 hours used',
    '１６１４ / １００００',
    '11 (of 20)',
    'Delta 45%',
    'Total 99',
    '١٦١٤ / ١٠٠٠٠',
    '१६१४ / १००००',
    '99',
    'Renews Dec 1',
    'Step 1 of 3',
    'Beta credits ⑤ of 10 used',
    'Powered by GPT-4o',
    `Total ${'x'.repeat(2_000)} 5`,
  ])('no line with a number is skipped silently or becomes a name: %s', (line) => {
    for (const page of [line, `${line}\nAcme Credits\n5/10 credits used`, `Acme Credits\n5/10 credits used\n${line}`]) {
      const nth = page.startsWith(line) ? 1 : 3;
      expect(notes(page)).toMatchObject([{ line: nth, text: expect.any(String) }]);
      if (page !== line) expect(readings(page)).toMatchObject([{ meter: 'acme_credits' }]);
    }
  });

  test('full-width digits are digits', () => {
    expect(readings('Acme Credits １，６１４ ／ １０，０００ used')).toMatchObject([{ used: '1614', total: '10000' }]);
  });

  test('further figures on one line are reported', () => {
    expect(notes('Acme Credits 5/10 used, Acme Calls 30 calls')).toMatchObject([{ problem: { kind: 'spare-numbers', numbers: ['30'] } }]);
    expect(notes('Acme Credits 5/10 used (resets in 5 days)')).toEqual([]);
  });

  test('uses the name above a line that says remaining, and reads a line without a word as used if the page says used', () => {
    expect(readings('Acme credits remaining\n900/1,000')).toMatchObject([{ used: '100', total: '1000' }]);
    expect(readings('Acme credits\nRemaining\n900/1,000')).toMatchObject([{ meter: 'acme_credits', used: '100', total: '1000' }]);
    expect(readings('Apollo Contacts\n5/10 credits used\nCampaigns\n7/10 visitors\nSeats left\n3/10 seats left')).toMatchObject([
      { used: '5' },
      { used: '7' },
      { used: '7' },
    ]);
  });

  test.each([
    ['Free Credits 900/1,000 credits', 'unsure'],
    ['Free contacts 5/100', 'unsure'],
    ['Apollo Contacts 5/100 free contacts', 'unsure'],
    ['Left calls 5/100', 'unsure'],
    ['Apollo Contacts 5 free contacts / 100', 'unsure'],
    ['Remaining Credits 900/1,000 credits used', 'unsure'],
    ['Apollo Contacts 5/10 credits\nCampaigns 3/10 visitors remaining', 'unsure'],
    ['Acme Credits 900/1,000 credits used, remaining', 'not-read'],
    ['Acme Credits 900/unlimited credits left', 'no-total'],
    ['Acme Credits 1,100/1,000 credits left', 'more-left-than-total'],
    ['Acme Credits 900/1,000 credits used (900 left)', 'sums-differ'],
    ['Acme Credits -5/1,000 credits used', 'negative'],
    ['Acme Credits 0,614/1,000,000 credits used', 'contradictory-marks'],
    ['998,386 contacts left', 'not-read'],
    ['Acme API 120m/500m used', 'unclear-magnitude'],
  ])('reports %j: it %s', (page, why) => {
    expect(codes(page)).toContain(why);
  });

  test.each(['REST API calls 120/1,000', 'REST API calls: 120/1,000', 'Rest API calls\n120/1,000', 'GitHub API 120/1,000 REST calls'])(
    '%j is 120 used: REST does not mean remaining',
    (page) => {
      expect(readings(page)).toMatchObject([{ used: '120', total: '1000' }]);
    },
  );

  test.each(['Acme Credits 900/1,000 left.', 'Acme Credits left: 900/1,000', 'Acme Credits 900/1,000 credits left Upgrade now'])(
    '%j is 100 used',
    (page) => {
      expect(readings(page)).toMatchObject([{ used: '100', total: '1000' }]);
    },
  );

  test('reads figures without a word if something is counted, and skips steps and pages', () => {
    expect(readings('Acme Credits 900 / 1,000')).toEqual([{ meter: 'acme_credits', label: 'Acme Credits', used: '900', total: '1000' }]);
    expect(notes('Step 1/3\nShowing 10 of 250 contacts\nPage 2 of 9')).toHaveLength(3);
  });

  test.each([
    [PAGE, 'abmatic'],
    ['Apollo Contacts 5/10 credits used', 'abmatic'],
    ['Campaigns 5/10 visitors used', 'abmatic'],
    ['Campaigns 5/10 used', null],
    ['HubSpot\nMarketing contacts 900/1,000 used', 'hubspot'],
    ['Clay Credits 900 / 1,000', 'clay'],
    ['Lusha\nCredits 5/10 used', 'lusha'],
    ['Credits 5/10 used', null],
    ['HubSpot and Clay\nCredits 5/10 used', null],
    ['HubSpot\nApollo Contacts 5/10 credits used', null],
  ])('%j is a page of %s', (page, source) => {
    expect(parseImport(page)).toMatchObject({ ok: true, value: { source } });
  });

  test('does not guess where a name ends and the figures start: 500, or 2,500?', () => {
    expect(notes('Plan 2 500/900 credits used')).toEqual([{ line: 1, text: 'Plan 2 500/900 credits used', problem: { kind: 'not-read' } }]);
    expect(readings('Plan 2\n500/900 credits used')).toEqual([
      { meter: 'plan_2', label: 'Plan 2', unit: 'credits', used: '500', total: '900' },
    ]);
  });

  test('does not read a date as a meter, and reads the figures around it', () => {
    const text = `Billing period 11/2026 to 12/2026\n${PAGE}Renews\n12/2026\n`;
    expect(readings(text)).toEqual(SIX);
    expect(notes(text)).toEqual([
      { line: 1, text: 'Billing period 11/2026 to 12/2026', problem: { kind: 'not-read' } },
      { line: 16, text: '12/2026', problem: { kind: 'not-read' } },
    ]);
  });

  test('gives no figures to a name whose own could not be read', () => {
    expect(readings('Apollo Contacts\n1,6,1/9 credits used\n5/10 credits used\nCampaigns\n7/10 visitors used')).toEqual([
      { meter: 'campaigns', unit: 'visitors', used: '7', total: '10' },
    ]);
    expect(notes('Apollo Contacts\n1,6,1/9 credits used\n5/10 credits used\nCampaigns\n7/10 visitors used')).toEqual([
      { line: 2, text: '1,6,1/9 credits used', problem: { kind: 'not-read' } },
      { line: 3, text: '5/10 credits used', problem: { kind: 'nameless' } },
    ]);
  });

  test('uses one of two equal lines of one meter, and none of two that differ', () => {
    const twice = 'Apollo Contacts\n5/10 credits used\nApollo Contacts\n5/10 credits used';
    expect(readings(twice)).toEqual([{ meter: 'apollo_contacts', unit: 'credits', used: '5', total: '10' }]);
    expect(notes(twice)).toEqual([{ line: 4, repeated: 'apollo_contacts' }]);
    const other = 'Apollo Contacts\n5/10 credits used\nApollo Contacts\n6/10 credits used\nCampaigns\n7/10 visitors used';
    expect(readings(other)).toMatchObject([{ meter: 'campaigns' }]);
    expect(notes(other)).toMatchObject([
      { line: 2, problem: { kind: 'other-figures' } },
      { line: 4, problem: { kind: 'other-figures' } },
    ]);
  });

  test.each([
    ['', { kind: 'empty' }],
    [' \n\t\n', { kind: 'empty' }],
    ['Please log in', { kind: 'no-figures', notes: [] }],
    ['5/10 credits used', { kind: 'no-figures', notes: [{ line: 1, text: '5/10 credits used', problem: { kind: 'nameless' } }] }],
  ])('%j is rejected', (text, error) => {
    expect(parseImport(text)).toMatchObject({ ok: false, error });
  });

  test.each([
    '1',
    '1,',
    '1 / ',
    '1/1 a',
    'a ',
    '1/1 used ',
    '( ',
    ': ',
    '1 000',
    '-1 ',
    '€',
    'not ',
    '½',
    '\u00A0',
    '1 h / ',
    'n’t',
    'US$',
    'no ',
    'You have ',
    '1/2 (',
    'can be ',
    '1 a of ',
    'A. ',
    'ab\n1/2\n',
    'Leads and more of it\n1/2 leads used\n',
    `${'1/2 '.repeat(10)}\n`,
    '1 of a b c d 2 left free\n',
    '1/2 (1 left)\n',
    '$1 of €2 (3% left) a\n',
    '5GB/7 GB free of x\n',
  ])('20,000 characters of %j take less than 100 ms of CPU time', async (piece) => {
    const most = (length: number) => piece.repeat(Math.min(length / piece.length, 990 / piece.split('\n').length));
    const texts = [
      `Apollo Contacts\n1/2${most(19_900)}x`,
      most(20_000),
      Array.from({ length: 5 }, () => most(4_000)).join('\n'),
      `${most(10_000)}${'x'.repeat(10_000)}`,
    ];
    // 15 to 37 ms where nothing else runs. Super-linear work takes seconds.
    for (const text of texts) expect(await leastCpuMs(100, () => parseImport(text))).toBeLessThan(100);
  });

  test('a text with more lines than a usage page is rejected with the remedy, and not read', () => {
    const page = (lines: number) => `${'Leads\n1/2 leads used\n'.repeat(lines / 2)}`.trim();
    expect(parseImport(page(1_000)).ok).toBe(true);
    for (const text of [page(1_002), 'x\r'.repeat(10_000), '1\r\n'.repeat(6_000)])
      expect(parseImport(text)).toMatchObject({
        ok: false,
        error: { kind: 'too-many-lines', lines: expect.any(Number), most: 1_000 },
      });
  });

  test('is read in linear time, however long and strange', async () => {
    // Far above what it takes. An expression that looks back over a million characters takes hours.
    const texts = ['1'.repeat(1e6), '1,'.repeat(5e5), '1 / '.repeat(3e5), '1/1 a'.repeat(2e5), 'a '.repeat(5e5), '1/1 used '.repeat(1e5)];
    for (const text of texts) expect(await cpuMs(() => parseImport(text))).toBeLessThan(5_000);
  });
});

describe('JSON', () => {
  test('is the body of POST /v1/usage, with unchanged readings', () => {
    const imported = parseImport(fixture('abmatic-usage.json'));
    expect(imported).toMatchObject({ ok: true, value: { source: 'abmatic', notes: [] } });
    expect(readings(fixture('abmatic-usage.json'))[0]).toEqual({
      meter: 'apollo_contacts',
      label: 'Apollo Contacts',
      unit: 'credits',
      used: 1614,
      total: 1_000_000,
    });
  });

  test('may be only the list of readings', () => {
    expect(parseImport('[{"meter":"x","used":1}]')).toEqual({
      ok: true,
      value: {
        source: null,
        form: 'json',
        readings: [{ meter: 'x', used: 1 }],
        places: [{ reading: 1 }],
        notes: [],
        lost: 0,
        digest: null,
      },
    });
  });

  test('may have numbers as people write them, read by the format of all; otherwise the reading is reported', () => {
    const json = (...all: readonly [string, string | number][]) =>
      parseImport(JSON.stringify(all.map(([used, total]) => ({ meter: 'x', used, total }))));
    expect(json(['1,614', '1,000,000'], ['25.75', 100])).toMatchObject({
      ok: true,
      value: {
        readings: [
          { used: '1614', total: '1000000' },
          { used: '25.75', total: 100, decimals: 2 },
        ],
        notes: [],
        lost: 0,
      },
    });
    expect(json(['€68,67', '€1.100,00'])).toMatchObject({
      ok: true,
      value: { readings: [{ used: '68.67', total: '1100.00', unit: 'EUR', decimals: 2 }] },
    });
    expect(json(['1.614', '5.000,00'], ['5', '9'])).toMatchObject({
      ok: true,
      value: { readings: [{ used: '1614', total: '5000.00' }, { used: '5' }] },
    });
    // A decimal string, as in POST /v1/usage.
    expect(json(['1.614', '10.000'])).toMatchObject({ ok: true, value: { readings: [{ used: '1.614', total: '10.000' }] } });
    expect(json(['1.614', '10,000'], ['5', 9])).toMatchObject({
      ok: true,
      value: {
        readings: [{ used: '5' }],
        places: [{ reading: 2 }],
        notes: [
          { at: { reading: 1 }, problem: { field: 'used', number: '1.614', problem: { code: 'contradictory-marks', other: '10,000' } } },
        ],
        lost: 1,
      },
    });
  });

  test('may be the answer of GET /v1/usage, if it has one source', () => {
    const meter = {
      source: 'abmatic',
      meter: 'm',
      label: 'M',
      aliases: [],
      unit: '',
      decimals: 0,
      consequence: null,
      used: 1,
      total: 2,
      remaining: 1,
      percent: 50,
      severity: null,
      expired: false,
      observedAt: '2026-11-01T00:00:00.000Z',
      period: null,
    };
    expect(parseImport(JSON.stringify({ asOf: 'now', needAttention: 0, meters: [meter] }))).toEqual({
      ok: true,
      value: {
        source: 'abmatic',
        form: 'json',
        readings: [{ meter: 'm', label: 'M', unit: '', used: 1, total: 2, observedAt: '2026-11-01T00:00:00.000Z', period: null }],
        places: [{ reading: 1 }],
        notes: [],
        lost: 0,
        digest: null,
      },
    });
    expect(parseImport(JSON.stringify({ meters: [meter, { ...meter, source: 'other' }] }))).toEqual({
      ok: false,
      error: { kind: 'several-sources', sources: ['abmatic', 'other'] },
    });
  });

  test.each([
    ['{', { kind: 'not-json', why: expect.any(String) }],
    ['{}', { kind: 'no-readings' }],
    ['{"source":5,"readings":[]}', { kind: 'bad-body', problem: { kind: 'bad-source' } }],
    ['{"sorce":"abmatic","readings":[]}', { kind: 'bad-body', problem: { kind: 'unknown-field', field: 'sorce' } }],
    ['{"readings":{"meter":"x"}}', { kind: 'no-readings' }],
  ])('%s is rejected', (text, error) => {
    expect(parseImport(text)).toEqual({ ok: false, error });
  });
});
