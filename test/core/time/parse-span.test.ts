import { expect, test } from 'vitest';
import { localDay, type LocalDay } from '../../../src/core/time/local-time.ts';
import { daysOfSpan, endsInSpan, typedSpan } from '../../../src/core/time/parse-span.ts';
import { november } from '../../support/watching.ts';

const day = (text: string): LocalDay => {
  const [year = 0, month = 0, date = 0] = text.split('-').map(Number);
  return localDay(year, month, date) ?? Number.NaN;
};
/** A Tuesday. */
const TODAY = day('2026-11-10');

test.each([
  ['30d', '2026-10-12', '2026-11-10'],
  ['7 days', '2026-11-04', '2026-11-10'],
  ['last 2 weeks', '2026-10-28', '2026-11-10'],
  ['2w', '2026-10-28', '2026-11-10'],
  ['3 months', '2026-08-11', '2026-11-10'],
  ['last week', '2026-11-02', '2026-11-08'],
  ['this week', '2026-11-09', '2026-11-10'],
  ['Last  Month', '2026-10-01', '2026-10-31'],
  ['the previous month', '2026-10-01', '2026-10-31'],
  ['this month', '2026-11-01', '2026-11-10'],
  ['last quarter', '2026-07-01', '2026-09-30'],
  ['this quarter', '2026-10-01', '2026-11-10'],
  ['last year', '2025-01-01', '2025-12-31'],
  ['this year', '2026-01-01', '2026-11-10'],
  ['today', '2026-11-10', '2026-11-10'],
  ['yesterday', '2026-11-09', '2026-11-09'],
  ['since 1 nov', '2026-11-01', '2026-11-10'],
  ['since november 1st', '2026-11-01', '2026-11-10'],
  ['since 24 dec', '2025-12-24', '2026-11-10'],
  ['since monday', '2026-11-09', '2026-11-10'],
  ['since 2026-10-05', '2026-10-05', '2026-11-10'],
  ['2026-10-05', '2026-10-05', '2026-11-10'],
  ['since october', '2026-10-01', '2026-11-10'],
  ['1 oct to 15 oct', '2026-10-01', '2026-10-15'],
  ['from 2026-10-01 until 2026-10-15', '2026-10-01', '2026-10-15'],
  ['0d', '2026-11-10', '2026-11-10'],
  ['2026-10-20..2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20 .. 2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20...2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20…2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20/2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20-2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20 - 2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20 – 2026-10-25', '2026-10-20', '2026-10-25'],
  ['2026-10-20 to 2026-10-25', '2026-10-20', '2026-10-25'],
  ['from 2026-10-20 to 2026-10-25', '2026-10-20', '2026-10-25'],
  ['From 20 October 2026 through 25 October 2026', '2026-10-20', '2026-10-25'],
  ['between 20 oct and 25 oct', '2026-10-20', '2026-10-25'],
  ['20.10.2026 till 25.10.2026', '2026-10-20', '2026-10-25'],
  ['20 to 25 oct', '2026-10-20', '2026-10-25'],
  ['20-25 oct', '2026-10-20', '2026-10-25'],
  ['oct 20 to 25', '2026-10-20', '2026-10-25'],
  ['oct 20-25', '2026-10-20', '2026-10-25'],
  ['20 oct..25 oct', '2026-10-20', '2026-10-25'],
  ['24 dec to 2 jan', '2025-12-24', '2026-01-02'],
  ['sept to oct', '2026-09-01', '2026-10-31'],
  ['2026-11-01 to 2026-11-30', '2026-11-01', '2026-11-10'],
  ['1 nov to 15 dec', '2026-11-01', '2026-11-10'],
  ['1 nov to today', '2026-11-01', '2026-11-10'],
  ['from 1 nov', '2026-11-01', '2026-11-10'],
  ['since yesterday', '2026-11-09', '2026-11-10'],
  ['october', '2026-10-01', '2026-10-31'],
  ['oct 2025', '2025-10-01', '2025-10-31'],
  ['2026-09', '2026-09-01', '2026-09-30'],
  ['november', '2026-11-01', '2026-11-10'],
])('%j is from %s to %s', (typed, first, last) => {
  expect(typedSpan(typed, TODAY)).toEqual({ first: day(first), last: day(last) });
});

test.each([
  '',
  'last fortnight',
  'month',
  'since',
  'since 31 feb',
  '2026-12-01',
  '15 oct to 1 oct',
  '2026-10-25..2026-10-20',
  '2026-12-01..2026-12-05',
  '03/04/2026',
  'apollo',
  '12',
  'ages',
])('%j is none', (typed) => {
  expect(typedSpan(typed, TODAY)).toBeNull();
});

test('what stands before a span is left as it is', () => {
  expect(endsInSpan('open ai last month', TODAY)).toMatchObject({ what: 'open ai', typed: 'last month' });
  expect(endsInSpan('open ai from 20 October 2026 to 25 October 2026', TODAY)).toMatchObject({ what: 'open ai' });
  expect(endsInSpan('apollo 2026-10-20..2026-10-25', TODAY)).toMatchObject({ what: 'apollo', typed: '2026-10-20..2026-10-25' });
  expect(endsInSpan('gpt 4', TODAY)).toEqual({ what: 'gpt 4', span: null, typed: '' });
});

const of = (which: 'this' | 'last', more: Partial<Parameters<typeof daysOfSpan>[1]> = {}) =>
  daysOfSpan({ period: which }, { period: november, spec: null, now: new Date('2026-11-10T12:00:00Z'), timeZone: 'UTC', ...more });

test('a period is that of the meter: this one until today, the last one whole', () => {
  expect(of('this')).toEqual({ first: day('2026-11-01'), last: TODAY });
  expect(of('last')).toEqual({ first: day('2026-10-01'), last: day('2026-10-31') });
  const cycle = { start: new Date('2026-11-05T00:00:00Z'), end: new Date('2026-11-15T00:00:00Z') };
  expect(of('last', { period: cycle })).toEqual({ first: day('2026-10-26'), last: day('2026-11-04') });
  expect(of('last', { spec: { every: 'month', day: 1 } })).toEqual({ first: day('2026-10-01'), last: day('2026-10-31') });
});

test('figures of a period that has ended are of the last one, and without a period there is none', () => {
  const later = { now: new Date('2026-12-02T12:00:00Z') };
  expect(of('last', later)).toEqual({ first: day('2026-11-01'), last: day('2026-11-30') });
  expect(of('this', later)).toEqual({ first: day('2026-12-01'), last: day('2026-12-02') });
  expect(of('last', { period: null })).toBeNull();
});
