import { describe, expect, test } from 'vitest';
import { parseUsagePage } from '../../../src/sources/import/usage-page.ts';

describe('figures of a part of the period, of settings and of offers', () => {
  test.each([
    'Email credits\n80 / 2,000 used today',
    'Email credits 80 / 2,000 used this week',
    'Email credits 80 of 100 used per day',
    'Email credits 80 / 2,000 used / day',
    'Email credits 80 / 2,000 used daily',
    'Email credits 80 used today of 2,000',
    'Email credits 80 / 2,000 used (today)',
    'Email credits used today\n80 / 2,000',
    'E-Mails\n80 von 2.000 heute verbraucht',
    'E-Mails 80 von 2.000 verbraucht pro Tag',
    'E-Mails 80 von 2.000 diese Woche verbraucht',
    "E-mails 80 sur 2 000 utilisés aujourd'hui",
    'E-mails 80 sur 2 000 utilisés cette semaine',
    'Correos 80 de 2.000 usados hoy',
    'Correos 80 de 2.000 usados al día',
    'Today\nEmails 80 / 2,000 used',
    'Semana actual\nCorreos 80 / 2.000 usados',
    'Today\nUsage\nEmails 80 / 2,000 used',
    'Used this week\nEmails 80 / 2,000',
    'At this pace 1,900 / 2,000 used',
    'At this rate\n1,900 / 2,000 used',
    'Bei diesem Tempo 1.900 / 2.000 verbraucht',
    'À ce rythme 1900 / 2000 utilisés',
    'A este ritmo 1.900 / 2.000 usados',
  ])('%j is about another time than the total', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ problem: { kind: 'other-period' } }));
  });

  test.each([
    ['Daily credits 3 / 5 used today', { meter: 'daily_credits', used: '3' }],
    ['Agent\n3 / 5 daily credits used today', { meter: 'agent', used: '3', unit: 'daily credits' }],
    ['Calls per day 80 / 100 used', { meter: 'calls_per_day', used: '80' }],
    ['Today\nDaily credits 3 / 5 used', { meter: 'daily_credits', used: '3' }],
    ['Emails 80 / 2,000 used this month', { meter: 'emails', used: '80' }],
    ['E-Mails 80 von 2.000 diesen Monat verbraucht', { meter: 'e_mails', used: '80' }],
    ['Emails 80 / 2,000 used · resets today', { meter: 'emails', used: '80' }],
    ['Emails 80 / 2,000 used as of today', { meter: 'emails', used: '80' }],
    ['Emails 80 / 2,000 used (5 today)', { meter: 'emails', used: '80' }],
    ['Emails 80 / 2,000 used, resets daily', { meter: 'emails', used: '80' }],
    ['Used today: 300\nEmails 80 / 2,000 used', { meter: 'emails', used: '80' }],
    ['Today\nThis month\nEmails 80 / 2,000 used', { meter: 'emails', used: '80' }],
  ])('%j is about the time of the total', (page, reading) => {
    expect(parseUsagePage(page).readings).toMatchObject([reading]);
  });

  test.each([
    ['Emails 80 / 2,000 emails per month', 'emails'],
    ['Emails 800 used out of 2,000 included', undefined],
    ['Compute 5 / 12 hours used this month', 'hours'],
  ])('no word of time, and not "included", is the unit of %j', (page, unit) => {
    expect(parseUsagePage(page).readings.map((one) => one.unit)).toEqual([unit]);
  });

  test.each([
    'Notify me when 1,600 of 2,000 credits are used',
    'Notify me when\n1,600 of 2,000 credits are used',
    'Alert at 800 / 2,000 credits used',
    'Alert me at 80%: 1,600 / 2,000 credits used',
    'Warnung bei 1.600 / 2.000 verbraucht',
    'Alerte à 1600 / 2000 utilisés',
    'Alerta a 1.600 / 2.000 usados',
    'less than 300 of 2,000 left',
    'almost 800 / 2,000 used',
    'Emails over 800 / 2,000 used',
    'Emails\nup to 800 / 2,000 used',
    'Emails: at least 800 / 2,000 used',
    'weniger als 300 von 2.000 übrig',
    'mehr als 800 / 2.000 verbraucht',
    'bis zu 800 / 2.000 verbraucht',
    'fast 800 / 2.000 verbraucht',
    'moins de 800 / 2000 utilisés',
    'plus de 800 / 2000 utilisés',
    'jusqu’à 800 / 2000 utilisés',
    'presque 800 / 2000 utilisés',
    'casi 800 / 2.000 usados',
    'más de 800 / 2.000 usados',
    'hasta 800 / 2.000 usados',
  ])('%j is a bound or the level of a setting', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ problem: { kind: 'inexact' } }));
  });

  test.each([
    'Upgrade to Pro\n800 / 10,000 credits used',
    'Switch to Pro\n800 / 10,000 credits used',
    'Auf Pro upgraden\n800 / 10.000 Credits verbraucht',
    'Passer à Pro\n800 / 10000 crédits utilisés',
    'Showing 10 of 40 remaining',
    'Example 5 / 10 used',
    'Beispiel: 5 / 10 verbraucht',
  ])('%j is an offer, an example or a position', (page) => {
    const { readings, notes } = parseUsagePage(page);
    expect(readings).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ problem: { kind: 'no-figures' } }));
  });

  test.each([
    ['Alerts 5 / 10 used', 'alerts'],
    ['Cache hits 5 / 10 used', 'cache_hits'],
    ['Plan A 5 / 10 credits used', 'plan_a'],
    ['Switch calls 5 / 10 used', 'switch_calls'],
    ['Items 5 / 10 used', 'items'],
    ['API rate 5 / 10 used', 'api_rate'],
    ["You're at 5 of 10 credits used", 'credits'],
  ])('%j is a meter', (page, meter) => {
    expect(parseUsagePage(page).readings).toMatchObject([{ meter, used: '5', total: '10' }]);
  });

  test.each(['Last month', 'Today', 'This week', 'Letzter Monat'])('a figure alone below "%s" is listed', (heading) => {
    const { readings, notes } = parseUsagePage(`${heading}\nTotal credits used\n3,412`, 'make');
    expect(readings).toEqual([]);
    expect(notes).toMatchObject([{ line: 3, problem: { kind: 'other-period' } }]);
  });

  test.each([
    ['make', 'Last month\nThis month\nTotal credits used\n3,412', { used: '3412' }],
    ['manus', 'Today\nDaily refresh credits\n300', { remaining: '300' }],
  ])('a figure alone of %s below other headings is read: %j', (source, page, reading) => {
    expect(parseUsagePage(page, source).readings).toMatchObject([reading]);
  });
});

describe('what a name says about its figures is no part of it', () => {
  test.each([
    ['Email credits remaining\n1,200 / 2,000', 'email_credits', 'Email credits'],
    ['Restliche Credits\n1200 / 2000', 'credits', 'Credits'],
    ['Créditos restantes\n1.200 / 2.000', 'créditos', 'Créditos'],
    ['Unused searches\n1,200 / 2,000', 'searches', 'Searches'],
    ['Email credits not yet used: 1,200 / 2,000', 'email_credits', 'Email credits'],
    ['credits_left: 1,200 / 2,000', 'credits', 'Credits'],
  ])('%j', (page, meter, label) => {
    expect(parseUsagePage(page).readings).toEqual([{ meter, label, used: '800', total: '2000' }]);
  });

  test.each([
    ['Used so far: 1,200 / 2,000', []],
    ['Free contacts 1,200 / 2,000 used', ['free_contacts']],
    ['REST API calls 1,200 / 2,000 used', ['rest_api_calls']],
    ['Left clicks 1,200 / 2,000 used', ['left_clicks']],
    ['Usage\nTotal credits used\n1,200 / 2,000', ['total_credits']],
    ['Total remaining\n1,200 / 2,000 credits', ['total_remaining']],
  ])('%j keeps what names it', (page, meters) => {
    expect(parseUsagePage(page).readings.map(({ meter }) => meter)).toEqual(meters);
  });

  test('what is left and what is used of one meter have to agree', () => {
    const page = (used: string) => `Email credits remaining\n1,200 / 2,000\nEmail credits used\n${used} / 2,000`;
    expect(parseUsagePage(page('800')).readings).toMatchObject([{ meter: 'email_credits', used: '800' }]);
    expect(parseUsagePage(page('900'))).toMatchObject({
      readings: [],
      notes: [{ problem: { kind: 'other-figures' } }, { problem: { kind: 'other-figures' } }],
    });
  });

  test('a meter of a recipe is found by the bare name', () => {
    const { readings } = parseUsagePage('Premium Credits unused\n5 / 20', 'leadiq');
    expect(readings).toMatchObject([{ meter: 'premium_credits', used: '15', total: '20' }]);
  });
});
