import { describe, expect, test } from 'vitest';
import type { Cycle, MeterMapping } from '../../../src/core/meters/poll.ts';
import type { Evaluated } from '../../../src/sources/http/evaluator.ts';
import { expressionMistakeText, type ExpressionMistake } from '../../../src/messages/text/expression-mistake.ts';
import { expressionsOf } from '../../../src/sources/http/expressions.ts';
import { polledInstant, mapResponse } from '../../../src/sources/http/map-response.ts';

const NOW = new Date('2026-11-24T09:00:00Z');
const METER: MeterMapping = {
  key: 'credits',
  optional: false,
  used: { expression: 'u' },
  remaining: null,
  total: { expression: 't' },
  unit: null,
  periodStart: null,
  periodEnd: null,
  observedAt: null,
};
const found = (values: Record<string, string | number | boolean | null>) =>
  new Map<string, Evaluated>(Object.entries(values).map(([expression, value]) => [expression, { found: 'value', value }]));
/** With the mistakes as the operator reads them, to name the field, the expression and the value. */
const worded = (...of: Parameters<typeof mapResponse>) => {
  const { readings, mistakes, notes } = mapResponse(...of);
  return { readings, mistakes: mistakes.map(expressionMistakeText), notes: notes.map(expressionMistakeText) };
};
const understood = (meter: Partial<MeterMapping>, values: Parameters<typeof found>[0], cycle: Cycle = 'month') =>
  worded({ meters: [{ ...METER, ...meter }], cycle }, found(values), NOW);

describe('figures', () => {
  test.each<[string, Partial<MeterMapping>, Parameters<typeof found>[0], Record<string, unknown>]>([
    ['numbers', {}, { u: 5, t: 10 }, { used: 5, total: 10 }],
    ['decimal strings', {}, { u: '25.75', t: ' 1500000000 ' }, { used: '25.75', total: '1500000000', decimals: 2 }],
    ['a comma before the fraction', {}, { u: '25,75', t: '100,00' }, { used: '25.75', total: '100.00', decimals: 2 }],
    ['points between thousands, settled by the total', {}, { u: '1.614', t: '1.000.000' }, { used: '1614', total: '1000000' }],
    ['spaces and apostrophes', {}, { u: '1\u202F614', t: "1'000'000" }, { used: '1614', total: '1000000' }],
    ['magnitudes', {}, { u: '1.2M', t: '5M' }, { used: '1200000', total: '5000000' }],
    ['money with its sign', {}, { u: '€68.67', t: '€100.00' }, { used: '68.67', total: '100.00', unit: 'EUR', decimals: 2 }],
    [
      'three digits behind a point, where another figure has two',
      {},
      { u: '1.125', t: '25.75' },
      { used: '1.125', total: '25.75', decimals: 3 },
    ],
    ['strings with thousands separators', {}, { u: '1,614', t: '1_000_000' }, { used: '1614', total: '1000000' }],
    ['a null total: unlimited', {}, { u: 5, t: null }, { used: 5, total: null }],
    ['a constant total', { total: { constant: 500 } }, { u: 5 }, { used: 5, total: 500 }],
    ['a constant null total: unlimited', { total: { constant: null } }, { u: 5 }, { used: 5, total: null }],
    ['no total at all', { total: null }, { u: 5 }, { used: 5 }],
    ['what remains', { used: null, remaining: { expression: 'r' } }, { r: 3, t: 10 }, { remaining: 3, total: 10 }],
    [
      'used with what remains, to be checked against the total',
      { remaining: { expression: 'r' } },
      { u: 5, r: 5, t: 10 },
      { used: 5, remaining: 5, total: 10 },
    ],
    [
      'used and what remains, where no total is asked for',
      { remaining: { expression: 'r' }, total: null },
      { u: 5, r: 9 },
      { used: 5, remaining: 9 },
    ],
    ['used alone of an unlimited amount', { remaining: { expression: 'r' } }, { u: 5, r: 0, t: null }, { used: 5, total: null }],
    ['zero', {}, { u: 0, t: 0 }, { used: 0, total: 0 }],
    ['a unit that the vendor tells', { unit: 'x' }, { u: 5, t: 10, x: 'EUR' }, { used: 5, total: 10, unit: 'EUR' }],
  ])('%s', (_what, meter, values, expected) => {
    expect(understood(meter, values)).toEqual({
      readings: [{ meter: 'credits', ...expected, observedAt: NOW.toISOString() }],
      mistakes: [],
      notes: [],
    });
  });

  test.each<[string, Evaluated | undefined, ExpressionMistake['problem']]>([
    ['nothing', { found: 'nothing' }, { kind: 'nothing' }],
    ['a list', { found: 'other', type: 'list' }, { kind: 'other-type', type: 'list' }],
    ['text', { found: 'value', value: 'many' }, { kind: 'not-a-number', value: 'many' }],
    ['true', { found: 'value', value: true }, { kind: 'not-a-number', value: true }],
    ['null', { found: 'value', value: null }, { kind: 'null' }],
    ['a mistake', { found: 'error', runsAway: false }, { kind: 'failed' }],
    ['no end', { found: 'error', runsAway: true }, { kind: 'ran-too-long' }],
    [
      'a number that could be two',
      { found: 'value', value: '1.614' },
      { kind: 'unclear-number', text: '1.614', problem: { code: 'ambiguous', less: '1.614', more: '1614' } },
    ],
  ])('reports the expression if a number is expected and %s is found', (_what, evaluated, problem) => {
    const values = new Map(found({ t: 10 }));
    if (evaluated) values.set('u', evaluated);
    expect(mapResponse({ meters: [METER], cycle: 'month' }, values, NOW)).toEqual({
      readings: [],
      mistakes: [{ meter: 'credits', field: 'used', expression: 'u', problem }],
      notes: [],
      absent: [],
    });
  });

  test.each<[string, Partial<MeterMapping>, Parameters<typeof found>[0], string]>([
    ['decimals that are declared say nothing of how numbers are written', { decimals: 2 }, { u: '1.614', t: '10.000' }, 'used'],
    ['one mark cannot be two things', {}, { u: '1.614', t: '10,000' }, 'used'],
    ['two conventions', {}, { u: '25.75', t: '1.000.000' }, 'used'],
    ['zeros at the end beside a shorter fraction', {}, { u: '12,34', t: '1,000' }, 'total'],
    ['groups of four digits', {}, { u: '1614', t: '1,0000' }, 'total'],
    ['two currencies', {}, { u: '$5', t: '€10' }, 'total'],
    ['a currency, and another as the unit', { unit: 'x' }, { u: '$5', t: '10', x: 'EUR' }, 'used'],
    ['a letter that may be a unit', {}, { u: '120m', t: '500m' }, 'used'],
  ])('%s: the meter is rejected with field and value', (_what, meter, values, field) => {
    const { readings, mistakes } = understood(meter, values);
    expect(readings).toEqual([]);
    const value = String(values[field === 'used' ? 'u' : 't']);
    expect(mistakes).toEqual([
      expect.stringContaining(`${field} of credits: the expression ${field === 'used' ? 'u' : 't'} found "${value}", which `),
    ]);
  });

  test('all numbers of an answer together decide how each is read', () => {
    const meters = [METER, { ...METER, key: 'other', used: { expression: 'v' }, total: { expression: 'w' } }];
    const both = (values: Record<string, string>) => worded({ meters, cycle: 'month' }, found(values), NOW);
    expect(both({ u: '1,614', t: '2,000', v: '12,34', w: '1,000' })).toMatchObject({
      readings: [],
      mistakes: [/1,614/, /1,000/].map((text) => expect.stringMatching(text)),
    });
    expect(both({ u: '1,614', t: '2,000', v: '12.34', w: '1,000' })).toMatchObject({
      readings: [
        { used: '1614', total: '2000' },
        { used: '12.34', total: '1000' },
      ],
      mistakes: [],
    });
    expect(both({ u: '120m', t: '500m', v: '50k', w: '1.5b' }).readings).toMatchObject([
      { used: '120000000' },
      { used: '50000', total: '1500000000' },
    ]);
  });

  test('an invalid meter does not affect the others', () => {
    const meters = [METER, { ...METER, key: 'gone', used: { expression: 'gone' } }];
    const { readings, mistakes } = worded({ meters, cycle: 'month' }, found({ u: 1, t: 2 }), NOW);
    expect([readings.map(({ meter }) => meter), mistakes]).toEqual([['credits'], ['used of gone: the expression gone found nothing']]);
  });

  test('a meter that not every plan has may be missing, but not all of them', () => {
    const optional = { ...METER, optional: true, used: { expression: 'a.used' }, total: { expression: 'a.total' }, key: 'a' };
    const nothing: Evaluated = { found: 'nothing' };
    const missing = new Map<string, Evaluated>([
      ['a.used', nothing],
      ['a.total', nothing],
    ]);
    expect(worded({ meters: [METER, optional], cycle: 'month' }, new Map([...found({ u: 1, t: 2 }), ...missing]), NOW)).toMatchObject({
      readings: [{ meter: 'credits' }],
      mistakes: [],
    });
    expect(worded({ meters: [optional], cycle: 'month' }, missing, NOW).mistakes).toEqual([
      'used of a: the expression a.used found nothing',
    ]);
    const half = new Map([...found({ 'a.used': 1 }), ['a.total', nothing] as const]);
    expect(worded({ meters: [optional], cycle: 'month' }, half, NOW).mistakes).toEqual([
      'total of a: the expression a.total found nothing',
    ]);
  });
});

describe('times', () => {
  test.each<[string | number, string]>([
    [1796083200, '2026-12-01T00:00:00.000Z'],
    ['1796083200', '2026-12-01T00:00:00.000Z'],
    [1796083200500, '2026-12-01T00:00:00.500Z'],
    ['1796083200500', '2026-12-01T00:00:00.500Z'],
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T02:00:00+02:00', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01 00:00:00', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T00:00:00.123456Z', '2026-12-01T00:00:00.123Z'],
    ['2026-12-01T00:00:00+0000', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T02:00:00+02', '2026-12-01T00:00:00.000Z'],
    ['Tue, 01 Dec 2026 00:00:00 GMT', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01 00:00:00 UTC', '2026-12-01T00:00:00.000Z'],
    ['13/12/2026', '2026-12-13T00:00:00.000Z'],
  ])('%s is read as %s', (raw, expected) => {
    const read = polledInstant(raw, null);
    expect(read.ok && read.value.at.toISOString()).toBe(expected);
  });

  test.each(['', 'soon', '99999999999999', 5, -1, true])('%s is not a time', (raw) => {
    expect(polledInstant(raw, null)).toEqual({ ok: false, error: { why: 'no-time' } });
  });

  test.each(['2026-13-01', '0000-00-00'])('%s is not a date', (raw) => {
    expect(polledInstant(raw, null)).toEqual({ ok: false, error: { why: 'no-such-day' } });
  });

  test.each<[string, Cycle, Record<string, string>, unknown]>([
    [
      'an end alone begins a month before',
      'month',
      { e: '2026-12-04' },
      { start: '2026-11-04T00:00:00.000Z', end: '2026-12-04T00:00:00.000Z' },
    ],
    [
      'at the end of a short month too',
      'month',
      { e: '2027-03-31' },
      { start: '2027-02-28T00:00:00.000Z', end: '2027-03-31T00:00:00.000Z' },
    ],
    ['or a half-year', 'half-year', { e: '2026-12-04' }, { start: '2026-06-04T00:00:00.000Z', end: '2026-12-04T00:00:00.000Z' }],
    ['or a week', 'week', { e: '2026-12-04' }, { start: '2026-11-27T00:00:00.000Z', end: '2026-12-04T00:00:00.000Z' }],
    ['or 30 days', '30d', { e: '2026-12-04' }, { start: '2026-11-04T00:00:00.000Z', end: '2026-12-04T00:00:00.000Z' }],
    ['or a year', 'year', { e: '2026-12-04' }, { start: '2025-12-04T00:00:00.000Z', end: '2026-12-04T00:00:00.000Z' }],
    [
      'both as the vendor returns them',
      'month',
      { s: '2026-01-01', e: '2027-01-01' },
      { start: '2026-01-01T00:00:00.000Z', end: '2027-01-01T00:00:00.000Z' },
    ],
    [
      'the last second is not the end',
      'month',
      { s: '2026-11-01', e: '2026-11-30T23:59:59Z' },
      { start: '2026-11-01T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' },
    ],
  ])('%s', (_what, cycle, values, period) => {
    const { readings } = understood({ periodStart: 's' in values ? 's' : null, periodEnd: 'e' }, { u: 1, t: 2, ...values }, cycle);
    expect(readings).toMatchObject([{ period }]);
  });

  test('a start without an end lasts one month, unless the vendor says that there is no end', () => {
    const told = { u: 1, t: 2, s: '2026-10-31', e: null };
    expect(understood({ periodStart: 's' }, told).readings).toMatchObject([
      { period: { start: '2026-10-31T00:00:00.000Z', end: '2026-11-30T00:00:00.000Z' } },
    ]);
    expect(understood({ periodStart: 's' }, told, 'year').readings).toMatchObject([{ period: { end: '2027-10-31T00:00:00.000Z' } }]);
    expect(understood({ periodStart: 's', periodEnd: 'e' }, told).readings[0]?.['period']).toBeUndefined();
  });

  test('a start long ago is the start of a subscription, and figures belong to its current period', () => {
    const since = { u: 1, t: 2, s: '2026-01-10T12:00:00Z' };
    expect(understood({ periodStart: 's' }, since).readings).toMatchObject([
      { period: { start: '2026-11-10T12:00:00.000Z', end: '2026-12-10T12:00:00.000Z' } },
    ]);
    // 30 days from 1 April are exactly one month in that year only.
    expect(understood({ periodStart: 's' }, { ...since, s: '2026-04-01' }, '30d').readings).toMatchObject([
      { period: { start: '2026-10-28T00:00:00.000Z', end: '2026-11-27T00:00:00.000Z' } },
    ]);
    expect(understood({ periodStart: 's', observedAt: 'o' }, { ...since, o: '2026-03-09' }).readings).toMatchObject([
      { period: { start: '2026-02-10T12:00:00.000Z', end: '2026-03-10T12:00:00.000Z' } },
    ]);
    for (const [values, cycle] of [
      [since, 'none'],
      [{ ...since, s: '2026-11-25' }, 'month'],
    ] as const) {
      expect(understood({ periodStart: 's' }, values, cycle).readings[0]?.['period']).toBeUndefined();
    }
  });

  test('a null period means none; a missing end is noted and does no harm', () => {
    expect(understood({ periodEnd: 'e' }, { u: 1, t: 2, e: null })).toMatchObject({ readings: [{ meter: 'credits' }], notes: [] });
    const { readings, notes } = understood({ periodEnd: 'e' }, { u: 1, t: 2, e: '' });
    expect([readings[0]?.['period'], notes]).toEqual([undefined, ['periodEnd of credits: the expression e found nothing']]);
  });

  test.each(['2026-11-31', '2026-11-30T00:00:00+25:00', 'soon', 5, true])(
    'an end of %s is reported with its value, and the figures are used',
    (end) => {
      const { readings, mistakes } = understood({ periodEnd: 'e' }, { u: 1, t: 2, e: end });
      expect(readings).toMatchObject([{ used: 1 }]);
      expect(readings[0]?.['period']).toBeUndefined();
      expect(mistakes).toHaveLength(1);
      expect(mistakes[0]).toMatch(/^periodEnd of credits: the expression e found /);
      expect(mistakes[0]).toContain(typeof end === 'string' ? `"${end}"` : String(end));
    },
  );

  test('digits that form a date are that date', () => {
    expect(understood({ periodEnd: 'e' }, { u: 1, t: 2, e: '20261201' })).toMatchObject({
      readings: [{ period: { end: '2026-12-01T00:00:00.000Z' } }],
      mistakes: [],
    });
  });

  test('an ambiguous date is reported and left out, unless another date of the same answer settles the order', () => {
    const meter = { periodEnd: 'e', observedAt: 'o' };
    const doubtful = understood(meter, { u: 1, t: 2, e: '03/04/2027', o: '02/03/2026' });
    expect(doubtful.readings).toMatchObject([{ used: 1, observedAt: NOW.toISOString() }]);
    expect(doubtful.readings[0]?.['period']).toBeUndefined();
    expect(doubtful.mistakes).toEqual([
      'observedAt of credits: the expression o found "02/03/2026", which could be 2026-03-02 or 2026-02-03: write the day as 2026-03-02',
      'periodEnd of credits: the expression e found "03/04/2027", which could be 2027-04-03 or 2027-03-04: write the day as 2027-04-03',
    ]);
    expect(understood(meter, { u: 1, t: 2, e: '31/12/2026', o: '02/11/2026 08:00' })).toMatchObject({
      readings: [{ observedAt: '2026-11-02T08:00:00.000Z', period: { end: '2026-12-31T00:00:00.000Z' } }],
      mistakes: [],
    });
  });

  test('a date without a time stays a date', () => {
    expect(understood({ observedAt: 'o' }, { u: 1, t: 2, o: '2026-11-24' }).readings).toMatchObject([{ observedAt: '2026-11-24' }]);
  });

  test('observedAt comes from the vendor if it is mapped', () => {
    expect(understood({ observedAt: 'o' }, { u: 1, t: 2, o: '2026-11-24T08:59:00Z' }).readings).toMatchObject([
      { observedAt: '2026-11-24T08:59:00.000Z' },
    ]);
  });
});

test.each<[string, Partial<MeterMapping>, Parameters<typeof found>[0], string]>([
  ['used', {}, { u: -1, t: 10 }, 'used of credits: the expression u found -1,'],
  ['remaining', { used: null, remaining: { expression: 'u' } }, { u: '-1', t: 10 }, 'remaining of credits: the expression u found "-1",'],
  ['total', {}, { u: 1, t: -1 }, 'total of credits: the expression t found -1,'],
])('-1 for %s is a mistake of a preset, and another debt only where the vendor has none', (_field, meter, values, mistake) => {
  for (const mistakes of ['below-zero', 'minus-one'] as const) {
    const read = understood({ ...meter, mistakes }, values);
    expect(read.readings).toEqual([]);
    expect(read.mistakes).toEqual([expect.stringContaining(mistake)]);
  }
  const debt = { used: null, remaining: { expression: 'u' }, total: null };
  expect(understood({ ...debt, mistakes: 'below-zero' }, { u: -2.5 }).readings).toEqual([]);
  expect(understood({ ...debt, mistakes: 'minus-one' }, { u: -2.5 }).readings).toMatchObject([{ remaining: -2.5 }]);
  expect(understood(meter, values).readings).toHaveLength(1);
});

test('an expression that several meters use is evaluated once', () => {
  expect(
    expressionsOf({
      meters: [
        { ...METER, periodEnd: 'e' },
        { ...METER, key: 'other', periodEnd: 'e', total: { constant: 5 } },
      ],
    }),
  ).toEqual(['u', 't', 'e']);
});
