import { describe, expect, test } from 'vitest';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';

/** What a line with the figures 1,200 and 2,000 is read as. The page says elsewhere that something is used. */
function readAs(line: string, elsewhere = 'Cookies are used here'): string {
  const { readings, notes } = parseUsagePage(`${line}\n\n${elsewhere}`);
  const [reading] = readings;
  if (reading === undefined) return notes.length > 0 ? 'listed' : 'silent';
  if (reading.total !== '2000' || readings.length > 1) return 'wrong';
  return reading.used === '1200' ? 'used' : reading.used === '800' ? 'left' : 'wrong';
}

describe('words beside a pair of figures', () => {
  test.each([
    'Emails 1,200 / 2,000',
    'Emails: 1,200 of 2,000',
    'Email credits\n1,200 / 2,000',
    'Emails 1,200 / 2,000 used',
    'Emails 1,200 / 2,000 this month',
    'Emails 1,200 / 2,000 in your plan',
    'Emails 1,200 / 2,000 emails per month',
    'Emails 1,200 / 2,000 Upgrade',
    'Emails sent 1,200 / 2,000',
    'Used emails 1,200 / 2,000',
    'AI credits 1,200 / 2,000 (60%)',
    'Usage\nCampaign runs 1,200 / 2,000',
    'Usage\nWidgets 1,200 / 2,000 credits',
    'Credit usage 1,200 / 2,000',
    'email_usage: 1,200 / 2,000',
    'emails_used: 1,200 / 2,000',
    'E-Mails 1.200 / 2.000 verbraucht',
    'E-Mails\n1.200 von 2.000 E-Mails genutzt',
    'Verbrauch\nKontakte 1200 / 2000 diesen Monat',
    'Verbrauchte Credits 1200 / 2000',
    'Credits 1200 von insgesamt 2000',
    'Crédits 1200 / 2000 utilisés',
    'Consommation\nCrédits 1200 / 2000 crédits ce mois',
    'Crédits consommés : 1200 / 2000',
    'Crédits d’enrichissement 1200 / 2000',
    'Créditos 1200 / 2000 usados',
    'Uso\nCréditos 1200 / 2000 este mes',
    'Créditos consumidos: 1200 de 2000',
    'Créditos de Apollo 1200 / 2000',
    'REST API calls 1,200 / 2,000',
    'OpenAI calls 1,200 / 2,000',
  ])('%j is used', (line) => {
    expect(readAs(line)).toBe('used');
  });

  test.each([
    'Emails 1,200 / 2,000 left',
    'Emails 1,200 of 2,000 emails remaining',
    'Emails 1,200 / 2,000 not yet used',
    'emails_remaining 1,200 / 2,000',
    'credits_left: 1,200 / 2,000',
    'remainingCredits 1,200 / 2,000 credits',
    'Emails remaining: 1,200 / 2,000',
    'E-Mails\n1200 von 2000 vorhanden',
    'E-Mails 1200 / 2000 noch frei',
    'Übrige E-Mails 1200 / 2000',
    'Es sind noch 1200 von 2000 Credits übrig',
    'Crédits 1200 / 2000 restants',
    'Il reste 1200 crédits sur 2000',
    'Crédits 1200 / 2000 non utilisés',
    'Créditos 1200 / 2000 disponibles',
    'Te quedan 1200 de 2000 créditos',
    'Créditos 1200 / 2000 sin usar',
  ])('%j is left', (line) => {
    expect(readAs(line)).toBe('left');
  });

  test.each([
    'Emails 1,200 of 2,000 at your disposal',
    'Emails 1,200 / 2,000 still there',
    'Emails 1,200 / 2,000 on hand',
    'Emails 1,200 / 2,000 to go',
    'Emails 1,200 / 2,000 redeemable',
    'Emails 1,200 / 2,000 (yours to send)',
    'Emails 1,200 / 2,000 – ready',
    'Emails 1,200 / 2,000 emails await you',
    'Emails 1,200 / 2,000\nstill there',
    'Emails 1,200 outstanding of 2,000',
    'Emails Rem. 1,200 / 2,000',
    'Rem. emails 1,200 / 2,000',
    'Emails\nRem. 1,200 / 2,000 credits',
    'Emails on hand: 1,200 / 2,000',
    'Emails you may send: 1,200 / 2,000',
    'Yours: emails 1,200 / 2,000',
    'Redeemable credits 1,200 / 2,000',
    'Pending credits 1,200 / 2,000',
    'Unsent emails 1,200 / 2,000',
    'There are 1,200 of 2,000 credits',
    'On hand\nEmails 1,200 / 2,000',
    'At your disposal\nEmails 1,200 / 2,000',
    'Available usage\nEmails 1,200 / 2,000',
    'Remaining\nUsage\nEmails 1,200 / 2,000',
    'Balance: 1,200 / 2,000 credits',
    'Usage\nWallet credits 1,200 / 2,000',
    'Usage\nPrepaid credits 1,200 / 2,000',
    'Usage\nStored value 1,200 / 2,000',
    'Verbrauch\nPrepaid Credits 1200 / 2000',
    'Consommation\nCrédits prépayés 1200 / 2000',
    'Uso\nCréditos prepagados 1200 / 2000',
    'Widgets 1,200 / 2,000 credits',
    'E-Mails 1200 von 2000 stehen zur Verfügung',
    'E-Mails 1200 / 2000\nstehen noch zur Verfügung',
    'E-Mails 1200 stehen von 2000 bereit',
    'E-Mails 1200 / 2000 abrufbar',
    'E-Mails 1200 / 2000 zum Versenden',
    'Einlösbare Credits 1200 / 2000',
    'Ausstehende E-Mails 1200 / 2000',
    'Ungenutzbare Credits 1200 / 2000',
    'Restkontingent Credits 1200 / 2000',
    'Restl. Credits 1200 / 2000',
    'Nicht gesendete E-Mails 1200 / 2000',
    'E-Mails noch da: 1200 / 2000',
    'Es gibt 1200 von 2000 Credits',
    'Zur Verfügung\nCredits 1200 / 2000',
    'Crédits 1200 / 2000 à votre disposition',
    'Crédits 1200 / 2000 encore là',
    'Crédits 1200 / 2000 que vous pouvez dépenser',
    'Crédits 1200 / 2000 échangeables',
    'Crédits en stock : 1200 / 2000',
    'Il y a 1200 crédits sur 2000',
    'Dispo. crédits 1200 / 2000',
    'Créditos 1200 / 2000 a su disposición',
    'Créditos 1200 / 2000 pendientes',
    'Créditos 1200 / 2000 canjeables',
    'Créditos por enviar 1200 / 2000',
    'Te esperan créditos 1200 / 2000',
    'Hay 1200 de 2000 créditos',
  ])('%j is listed', (line) => {
    expect(readAs(line)).toBe('listed');
  });

  test.each([
    ['zapier', 'Tasks\n1,200 / 2,000 on hand'],
    ['bitly', 'Short links\n1,200 / 2,000 noch da'],
    ['gamma', 'Credits 1,200 / 2,000 gone'],
  ])('the recipe of %s does not explain unknown words: %j', (source, page) => {
    const { readings, notes } = parseUsagePage(page, source);
    expect(readings).toEqual([]);
    expect(notes).toMatchObject([{ problem: { kind: 'unsure' } }]);
  });
});

describe('figures that are not those of a meter', () => {
  test.each([
    ['Email support 24/7', 'unsure'],
    ['Emails 24/7', 'unsure'],
    ['API calls 100 / 60 seconds', 'unsure'],
    ['API rate 100 / 200 calls', 'unsure'],
    ['100 requests / minute', 'not-read'],
    ['Rate limit: 100 requests / 1 minute', 'two-units'],
    ['Pro: 10,000 credits / month', 'not-read'],
    ['Pro 1,000 / 5,000 / 10,000 credits', 'not-read'],
    ['$10 / 1,000 credits', 'money-and-other'],
    ['Extra credits 500 / $10', 'money-and-other'],
    ['Invoice 12/14 credits', 'unsure'],
    ['Credits reset 12/14', 'unsure'],
    ['Nov: 1,200 / 2,000 credits used', 'other-period'],
    ['Tuesday 5 / 10 credits used', 'other-period'],
    ['Emails used last month 1,200 / 2,000', 'other-period'],
    ['Letzter Monat\nE-Mails 1200 / 2000 verbraucht', 'other-period'],
    ['Last 7 days\nEmails 1,200 / 2,000 used', 'other-period'],
    ['Projected emails 1,200 / 2,000 used', 'other-period'],
    ['Usage forecast\nEmails 1,200 / 2,000 used', 'other-period'],
    ['Average emails 1,200 / 2,000', 'unsure'],
    ['Expired credits 1,200 / 2,000', 'unsure'],
    ['Emails +1,200 / 2,000', 'inexact'],
    ['Emails 1,200 / 2,000+ used', 'inexact'],
    ['anna@example.com 120 / 500 credits used', 'one-member'],
    ['User\tCredits\nAnna\t120 / 500 credits used', 'one-member'],
    ['Usage by member\nAnna\n120 / 500 credits used', 'one-member'],
    ['Usage by member\nEmails\nAnna\n120 / 500 credits used', 'one-member'],
    ['By user\nAnna\n120 / 500 credits used', 'one-member'],
    ['By user\nUser\nEmails\nAnna\n120 / 500 credits used', 'one-member'],
    ['Team member\tCredits\nAnna\t120 / 500 credits used', 'one-member'],
    ['Meter\tLast month\nEmails\t300 / 2,000 used', 'other-period'],
    ['Last month\nEmails\n300 / 2,000 used', 'other-period'],
    ['Last month\nUsage\nEmails\n300 / 2,000 used', 'other-period'],
    ["Last month's usage\nEmails 300 / 2,000 used", 'other-period'],
    ['Credits used in the last 30 days\nEmails 300 / 2,000 used', 'other-period'],
    ['Usage\nLast month\n300 / 2,000 credits used\n1,700 / 2,000 credits left', 'other-period'],
    ['Last month (Oct 1 – Oct 31)\nEmails 300 / 2,000 used', 'other-period'],
    ['Last month\nCompare with this month\nEmails 300 / 2,000 used', 'other-period'],
    ['Previous billing cycle\nEmails 300 / 2,000 used', 'other-period'],
    ['Emails used in the last billing period 300 / 2,000', 'other-period'],
    ['Letzter Abrechnungszeitraum\nE-Mails 300 / 2000 verbraucht', 'other-period'],
    ['Période de facturation précédente\nCrédits 300 / 2000 utilisés', 'other-period'],
    ['By user\nAnna\nEmails 120 / 500 used', 'one-member'],
    ['Usage by user\nBy user\nAnna\nEmails 120 / 500 used', 'one-member'],
    ['30 derniers jours\nCrédits 300 / 2000 utilisés', 'other-period'],
    ['Últimos 30 días\nCréditos 300 / 2000 usados', 'other-period'],
    ['This month\nLast month\n300 / 2,000 credits used', 'other-period'],
    ['Total 5,000 / 20,000 credits', 'unsure'],
    ['(500) / 2,000 credits', 'not-read'],
  ])('%j is listed as %s', (page, kind) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes.map((note) => ('problem' in note ? note.problem.kind : 'repeated'))).toContain(kind);
  });

  test('a table of the last month below the current figures leaves these as they are', () => {
    const page = 'Emails 1,200 / 2,000 used\nCalls 4 / 9 used\n\nLast month\nEmails\n300 / 2,000 used\nCalls\n8 / 9 used';
    expect(parseUsagePage(page).readings).toMatchObject([
      { meter: 'emails', used: '1200' },
      { meter: 'calls', used: '4' },
    ]);
  });

  test('a unit of time can be the name of a meter', () => {
    expect(parseUsagePage('Hours 5 / 12 used').readings).toMatchObject([{ meter: 'hours', used: '5' }]);
    expect(parseUsagePage('Week 47: 5 / 12 credits used').readings).toEqual([]);
  });

  test.each([
    'Last month\nEmails 300/2,000 used\nThis month\nEmails 1,200/2,000 used',
    'Emails 1,200 / 2,000 used · 12% more than last month',
    'Compared to the last month of the plan\nEmails 1,200/2,000 used',
    'Usage by member\nAnna 120/500 credits used\nTotal usage\nEmails 1,200/2,000 used',
    'Emails\n1,200 / 2,000 used\n800 / 2,000 left',
    'Updated yesterday\nEmails\n1,200 / 2,000 used',
    'Last reset yesterday\nEmails 1,200 / 2,000 used',
    'Last used yesterday\nEmails 1,200 / 2,000 used',
    'Data refreshed yesterday\nEmails 1,200 / 2,000 used',
    'Exported yesterday\nEmails 1,200 / 2,000 used',
    'Stand: gestern\nEmails 1,200 / 2,000 used',
    'Credits used last month: $49.00\nEmails 1,200 / 2,000 used',
    'Credits used last month: 300\nEmails 1,200 / 2,000 used',
    'Last month: 300 credits\nEmails 1,200 / 2,000 used',
    'Last month\nEmails 300 / 2,000 used\nThis month (Dec 1 – Dec 31)\nEmails 1,200 / 2,000 used',
    'This month / Last month / Custom\nEmails 1,200 / 2,000 used',
    'This month\nLast month\nCustom\nEmails\n1,200 / 2,000 used',
    'Last month\nThis month\nEmails\n1,200 / 2,000 used',
    'Today\nYesterday\nLast 7 days\nCustom\nEmails 1,200 / 2,000 used',
    'Projected overage alerts\nEmails 1,200 / 2,000 used',
    'Last month\n300 / 2,000 emails used\n\nEmails 1,200 / 2,000 used',
    'Last month\n300 / 2,000 emails used\nEmails\n1,200 / 2,000 used',
    'Last month\nUsed\n300 / 2,000 emails\nEmails\n1,200 / 2,000 used',
    'Last month\nCalls 3 / 9 used\nUsage\nEmails 1,200 / 2,000 used',
    '$15 per user per month\nEmails 1,200 / 2,000 used',
    'Billed per user\nEmails 1,200 / 2,000 used',
    'Limit per member\nEmails 1,200 / 2,000 used',
    'By user\nEmails\n1,200 / 2,000 used',
    'By user\nBy product\nEmails 1,200 / 2,000 used',
    'Last used: plan period\nEmails 1,200 / 2,000 used',
    'By user\nBy product\nUsage\nEmails\n1,200 / 2,000 used',
    'Emails 1,200 / 2,000 used @ $0.01',
    'Emails per user\tUnlimited calls\nEmails\t1,200 / 2,000 used',
  ])('the figures of the meter are read beside them: %j', (page) => {
    expect(parseUsagePage(page).readings).toMatchObject([{ meter: 'emails', used: '1200', total: '2000' }]);
  });
});

describe('names above and below figures', () => {
  test.each([
    'Emails\tCalls\n10 / 100\t20 / 200',
    'Emails  Calls  Exports\n10 / 100  20 / 200  30 / 300',
    'Emails Calls\n10 / 100 20 / 200',
    'Emails\tCalls\n10 / 100\tunlimited',
    '10 / 100\nEmails\n20 / 200\nCalls',
    'Emails\nCalls\n10 / 100\n20 / 200',
    'Emails\n\nCalls\n\n10 / 100\n\n20 / 200',
    'Emails Calls\n146,671 / 1,306,912 13 / 17 216,466 / 346,132',
    'Usage\n10 / 100\nEmails\n20 / 200\nCalls',
    'Usage\n10 / 100 used\nCampaigns\n20 / 200 used\nWidgets',
    'Emails\n10 / 100\nCalls',
    'Plan\n\n10 / 100\nEmails\n\n20 / 200\nCalls',
  ])('no name is chosen if the page does not decide: %j', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ problem: { kind: 'unclear-name' } }));
  });

  test.each([
    ['Emails\n10 / 100\n\nCalls\n20 / 200\n\nExports', ['emails', 'calls']],
    ['Emails\n10 / 100\nCalls\n20 / 200\nUpgrade', ['emails', 'calls']],
    ['Emails\n10 / 100\nUpgrade\nCalls\n20 / 200\nUpgrade', ['emails', 'calls']],
    ['Widgets\n10 / 100 credits used\nGadgets\n20 / 200 credits used\nUpgrade', ['widgets', 'gadgets']],
    ['Campaigns\n10 / 100 visitors used\nUsers', ['campaigns']],
    ['Emails\n10 / 100\n10%\nCalls\n20 / 200\n10%\nHelp', ['emails', 'calls']],
  ])('the line above is the name in %j', (page, meters) => {
    expect(parseUsagePage(page).readings.map(({ meter }) => meter)).toEqual(meters);
  });

  test.each([
    'Actions remaining\nCredits remaining\n12\n38,204',
    '38,204\nCredits remaining\n12\nActions remaining',
    'Credits remaining (500)',
    'Credits remaining\n(500)',
    'Credits remaining\n2026',
    'Credits remaining 2026',
    'Credits remaining\n12.12',
    'Credits remaining\n0800',
  ])('a figure alone that may be something else is listed: %j', (page) => {
    const { readings, notes } = parseUsagePage(page, 'clay');
    expect(readings).toEqual([]);
    expect(notes).not.toEqual([]);
  });
});

describe('magnitudes', () => {
  test.each([
    ['Tokens 1 Milliarde von 2 Milliarden verbraucht', '1000000000'],
    ['Tokens 1 milliard sur 2 milliards utilisés', '1000000000'],
    ['Tokens 1 mil millones de 2 mil millones usados', '1000000000'],
    ['Tokens 1 billón de 2 billones usados', '1000000000000'],
    ['Tokens 1 billion of 2 billion used', '1000000000'],
  ])('%j is clear', (line, used) => {
    expect(parseUsagePage(line).readings).toMatchObject([{ used, total: `2${used.slice(1)}` }]);
  });

  test.each([
    'Tokens 1 Billion von 2 Billionen verbraucht',
    'Tokens 1 billion sur 2 billions utilisés',
    'Tokens 1 Billion / 2 Billion',
    'Verbrauch\nTokens 1 Billion / 2 Billion used',
    'Tokens 1 thousand million of 2 billion used',
  ])('%j may mean a thousand times more, and is listed', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes).not.toEqual([]);
  });
});
