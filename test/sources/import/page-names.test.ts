import { describe, expect, test } from 'vitest';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';

const problems = (page: string) => parseUsagePage(page).notes.map((note) => ('problem' in note ? note.problem.kind : 'repeated'));

describe('names of alerts', () => {
  test.each([
    'Alert: 1,600 / 2,000 used',
    'Usage alert 1,600 / 2,000 used',
    'Alert level: 1,600 / 2,000 credits used',
    'Budget alert\n$1,600 / $2,000 used',
    'Warnung: 1.600 / 2.000 verbraucht',
    'Alerte : 1600 / 2000 utilisés',
    'Aviso: 1.600 / 2.000 usados',
  ])('%j is listed, and no meter', (page) => {
    expect(parseUsagePage(page).readings).toEqual([]);
    expect(problems(page)).toContain('inexact');
  });

  test.each(['Alerts 1,600 / 2,000 used', 'Alert emails 1,600 / 2,000 used', 'Notifications 1,600 / 2,000 used'])(
    '%j is counted',
    (line) => {
      expect(parseUsagePage(line).readings).toMatchObject([{ used: '1600', total: '2000' }]);
    },
  );
});

describe('an unknown word before what is counted', () => {
  test.each([
    'Leftish emails 5/10',
    'Usage\nLeftish emails 5/10',
    'Usage\nSemi-remaining credits 5/10',
    'Verbrauch\nÜbrigbare Credits 5/10',
  ])('%j may mean what is left', (page) => {
    expect(parseUsagePage(page).readings).toEqual([]);
    expect(problems(page)).toContain('unsure');
  });

  test('is named if only the convention says what the figures are', () => {
    const { readings, notes, lost } = parseUsagePage('Frobnic emails 5/10');
    expect(readings).toMatchObject([{ label: 'Frobnic emails', used: '5', total: '10' }]);
    expect(notes).toEqual([{ line: 1, text: 'Frobnic emails 5/10', problem: { kind: 'unknown-words', words: ['Frobnic'] } }]);
    expect(lost).toBe(0);
  });

  test.each([
    'Email credits 5/10',
    'Usage\nFrobnic emails 5/10',
    'Frobnic emails 5/10 used',
    'Frobnic emails 5/10 (50% used)',
    'Clay Credits 5/10',
  ])('%j has no need of that', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toHaveLength(1);
    expect(notes).toEqual([]);
  });
});

describe('dates', () => {
  test.each([
    ['Usage 1 Nov – 30 Nov 2026\n1,600 / 2,000 credits used', 'usage'],
    ['Usage 1 Nov – 30 Nov 2026: 1,600 / 2,000 credits used', 'usage'],
    ['Usage (1–30 Nov 2026)\n1,600 / 2,000 credits used', 'usage'],
    ['Last month\nEmails 5 / 10 used\nUsage 1 Nov – 30 Nov 2026\nCredits 1,600 / 2,000 used', 'credits'],
    ['Emails (resets on Dec 1, 2026) 1,600 / 2,000 used', 'emails'],
    ['Verbrauch vom 1. bis 30. November 2026\n1.600 / 2.000 Credits', 'verbrauch'],
    ['Crédits du 1 nov. au 30 nov. 2026 : 1600 / 2000 utilisés', 'crédits'],
    ['Créditos del 1 al 30 de noviembre de 2026\n1.600 / 2.000 usados', 'créditos'],
  ])('%j: the dates are no part of the name %s', (page, meter) => {
    expect(parseUsagePage(page).readings).toMatchObject([{ meter, used: '1600', total: '2000' }]);
  });

  test.each(['Runway Gen 2: 5/10 credits used', 'Character Set 1: 5/10 credits used'])('%j keeps its name', (line) => {
    expect(parseUsagePage(line).readings).toMatchObject([{ label: line.replace(/:? 5.*/, '') }]);
  });

  test.each([
    'October 2026\n1,600',
    'October 2026\n1,600 / 2,000 used',
    'Credits remaining\nOctober 2026\n1,600',
    'Clay\nCredits remaining\nOctober 2026\n1,600',
    'Clay\nOctober 2026\n1,600\nCredits remaining',
    'October 2026 credits: 1,600 / 2,000 used',
    'Credits October 2026: 1,600 / 2,000 used',
    'Emails\nOctober 2026\n1,600 / 2,000 emails',
  ])('%j: a month is neither a name nor a figure', (page) => {
    expect(parseUsagePage(page).readings).toEqual([]);
    expect(problems(page)).not.toEqual([]);
  });
});

test.each([
  'Last month\nUsage\nEmails 5 / 10 used\nCalls 6 / 10 used',
  'Last month\n\nUsage\n\nEmails\n5 / 10 used',
  'Last month\nOctober 2026\nEmails 5 / 10 used',
  'Last month\nUsage\nAPI calls\t5 / 10 used',
  'Clay\nLast month\nUsage\nCredits remaining\n1,200',
  'Letzter Monat\nVerbrauch\nE-Mails 5 / 10 verbraucht',
  'Mois dernier\nConsommation\nCrédits 5 / 10 utilisés',
  'Mes pasado\nUso\nCréditos 5 / 10 usados',
])('%j: what is below the heading of a past period is of that period', (page) => {
  expect(parseUsagePage(page).readings).toEqual([]);
  expect(problems(page)).toContain('other-period');
});

test.each([
  'Next month\nCredits 0 / 2,000 used',
  'Upcoming period\nCredits 0 / 2,000 used',
  '2 months ago\nCredits 5 / 10 used',
  'Nächster Monat\nCredits 0 / 2.000 verbraucht',
  'Mois prochain\nCrédits 0 / 2000 utilisés',
  'Próximo mes\nCréditos 0 / 2.000 usados',
  'Next month: 0 / 2,000 credits used',
  "Last year's usage 5 / 10 credits",
  'Previous plan: 1,200 / 2,000 credits used',
  'Emails used in October: 5 / 10',
  'E-Mails im Oktober: 5 / 10 verbraucht',
  'Crédits d’octobre : 5 / 10 utilisés',
  'As of October 31: 5 / 10 credits used',
])('%j is not about the current period', (page) => {
  expect(parseUsagePage(page).readings).toEqual([]);
  expect(problems(page)).toContain('other-period');
});

test.each([
  'Peak usage 1,200 / 2,000 contacts used',
  'Average daily usage 5 / 10 credits used',
  'Median usage: 1,200 / 2,000 contacts used',
  'Recommended: 1,200 / 2,000 credits used',
  'Empfohlene Credits: 1.200 / 2.000 verbraucht',
])('%j is a statistic, and no meter', (page) => {
  expect(parseUsagePage(page).readings).toEqual([]);
  expect(problems(page)).toContain('no-figures');
});

test.each([
  'Peak usage 1,200 / 2,000 contacts',
  'Usage\nFailed emails 12 / 2,000',
  'Usage\nBounced emails 12 / 2,000',
  'Uso\nCorreos rechazados 12 / 2.000 mensajes',
])('%j: what has failed, and a statistic, are neither used nor left', (page) => {
  expect(parseUsagePage(page).readings).toEqual([]);
  expect(problems(page)).not.toEqual([]);
});

test.each([
  'Credits 5 / 10 used, renews next month',
  'Next invoice in 3 days\nCredits 5 / 10 used',
  'Credits 5 / 10 used\nNext month: $49',
])('%j is about the current period', (page) => {
  expect(parseUsagePage(page).readings).toMatchObject([{ meter: 'credits', used: '5', total: '10' }]);
});
