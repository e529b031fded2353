import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeReading, type ReadingDefaults } from '../../../src/core/meters/complete-reading.ts';
import type { ReadingProblem } from '../../../src/core/meters/reading-problem.ts';
import { draftReading, leftAlone, withTotal } from '../../../src/core/meters/reading.ts';

const arrivedAt = new Date('2026-11-23T14:05:00Z');
const defaults: ReadingDefaults = { decimals: 0, cuts: false, lastTotal: undefined, statedTotal: null, periodSpec: null, timeZone: 'UTC' };

function read(raw: unknown, known: Partial<ReadingDefaults> = {}) {
  const draft = draftReading(raw, arrivedAt);
  return draft.ok ? completeReading(draft.value, { ...defaults, ...known }) : draft;
}

describe('a reading', () => {
  test('needs no more than a meter and used: it is of the time of arrival, and its total is not known', () => {
    expect(read({ meter: 'x', used: 5 })).toEqual({
      ok: true,
      value: { used: 5n, total: null, isTotalUnknown: true, observedAt: arrivedAt, period: null },
    });
  });

  test.each([
    ['2026-11-30T23:59:59Z', '2026-12-01T00:00:00.000Z'],
    ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z'],
    ['2026-11-30T21:59:59+02:00', '2026-11-30T20:00:00.000Z'],
    ['2026-12-01T00:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['2026-11-30T23:59:00Z', '2026-11-30T23:59:00.000Z'],
  ])('has a period that ends at %s before %s', (end, expected) => {
    const draft = draftReading({ meter: 'x', used: 5, period: { start: '2026-11-01T00:00:00Z', end } }, arrivedAt);
    expect(draft.ok && draft.value.period?.end.toISOString()).toBe(expected);
  });

  test.each(['30.02.2026', '2026-02-30', '31.04.2026 08:00', '31 Apr 2026', '2026-13-01T00:00:00Z'])(
    'says that there is no day "%s"',
    (observedAt) => {
      expect(read({ meter: 'x', used: 1, observedAt })).toEqual({
        ok: false,
        error: { code: 'bad-time', field: 'observedAt', problem: { why: 'no-such-day' } },
      });
    },
  );

  test('derives used from what remains, and only then', () => {
    expect(read({ meter: 'x', remaining: 200, total: 1000 })).toMatchObject({ ok: true, value: { used: 800n, total: 1000n } });
    expect(read({ meter: 'x', used: 7, remaining: 993, total: 1000 })).toMatchObject({ ok: true, value: { used: 7n, total: 1000n } });
  });

  test.each([
    [{ used: 100, remaining: 800, total: 1000 }, false],
    [{ used: 100, remaining: 901, total: 1000 }, false],
    [{ used: 900, remaining: 0, total: 1000 }, false],
    [{ used: 100, remaining: 900, total: 1000 }, true],
    [{ used: 1050, remaining: 0, total: 1000 }, true],
    [{ used: 1050, remaining: -50, total: 1000 }, true],
    [{ used: 100, remaining: 800, total: null }, true],
    [{ used: '0.34', remaining: '0.67', total: '1', decimals: 2 }, true],
    [{ used: '0.34', remaining: '0.68', total: '1', decimals: 2 }, false],
    [{ used: '100', remaining: '899', total: '1000', cuts: true }, false],
    [{ used: '100.4', remaining: '899.7', total: '1000', cuts: true }, true],
  ])('takes %j: %s', (figures, isTaken) => {
    const decimals = 'decimals' in figures ? 2 : 0;
    const { cuts, ...sent } = { cuts: false, ...figures };
    const draft = draftReading({ meter: 'x', ...sent }, new Date('2026-11-23T08:00:00Z'));
    if (!draft.ok) throw new Error(draft.error.code);
    const result = completeReading(draft.value, { ...defaults, decimals, cuts });
    const { used, remaining, total } = figures;
    expect(result).toMatchObject(isTaken ? { ok: true } : { ok: false, error: { code: 'do-not-add-up', used, remaining, total } });
  });

  test('derives the total from used and what remains when it names none, and with nothing left keeps the one last seen', () => {
    expect(read({ meter: 'x', used: 1, remaining: 4 })).toMatchObject({ ok: true, value: { used: 1n, total: 5n } });
    expect(read({ meter: 'x', used: 10, remaining: 490 }, { lastTotal: 300n })).toMatchObject({
      ok: true,
      value: { used: 10n, total: 500n },
    });
    expect(read({ meter: 'x', used: 120, remaining: 0 }, { lastTotal: 100n })).toMatchObject({
      ok: true,
      value: { used: 120n, total: 100n },
    });
    expect(read({ meter: 'x', used: 120, remaining: 0 })).toMatchObject({ ok: true, value: { used: 120n, total: 120n } });
    expect(read({ meter: 'x', used: '9223372036854775807', remaining: 1 })).toEqual({
      ok: false,
      error: { code: 'sum-too-large' },
    });
  });

  test('keeps the total last seen when it names none, and takes null for unlimited', () => {
    expect(read({ meter: 'x', used: 5 }, { lastTotal: 100n })).toMatchObject({ value: { total: 100n } });
    expect(read({ meter: 'x', used: 5, total: null }, { lastTotal: 100n })).toMatchObject({ value: { total: null } });
  });

  test('with nothing but what remains, the most ever left stands for the total', () => {
    expect(read({ meter: 'x', remaining: 300 })).toMatchObject({ value: { used: 0n, total: 300n } });
    expect(read({ meter: 'x', remaining: 120 }, { lastTotal: 300n })).toMatchObject({ value: { used: 180n, total: 300n } });
    expect(read({ meter: 'x', remaining: 500 }, { lastTotal: 300n })).toMatchObject({ value: { used: 0n, total: 500n } });
  });

  test.each([
    [{ remaining: 300 }, {}, { used: 0n, total: 300n, isTotalUnknown: true }],
    [{ remaining: 120 }, { mostLeft: 300n }, { used: 180n, total: 300n, isTotalUnknown: true }],
    [{ remaining: 0 }, { mostLeft: 300n }, { used: 300n, total: 300n, isTotalUnknown: true }],
    [{ remaining: -5 }, { mostLeft: 300n }, { used: 305n, total: 300n, isTotalUnknown: true }],
    [{ remaining: 500 }, { mostLeft: 300n }, { used: 0n, total: 500n, isTotalUnknown: true }],
    [{ remaining: 500 }, { lastTotal: 300n }, { used: 0n, total: 500n, isTotalUnknown: true }],
    [{ remaining: 120 }, { mostLeft: 300n, statedTotal: 1000n }, { used: 880n, total: 1000n }],
    [{ used: 5 }, {}, { used: 5n, total: null, isTotalUnknown: true }],
    [{ used: 5, total: null }, {}, { used: 5n, total: null }],
    [{ used: 5 }, { lastTotal: null }, { used: 5n, total: null }],
    [{ used: 5 }, { statedTotal: 1000n }, { used: 5n, total: 1000n }],
    [{ used: 5, remaining: 5 }, {}, { used: 5n, total: 10n }],
  ])('%o knows its total only from the vendor or a person (%o)', (figures, known, value) => {
    expect(read({ meter: 'x', ...figures }, known)).toEqual({ ok: true, value: { ...value, observedAt: arrivedAt, period: null } });
  });

  test('keeps what is left, or else what is used, once its total is known', () => {
    const amount = fc.bigInt(-(2n ** 40n), 2n ** 40n);
    fc.assert(
      fc.property(amount, fc.bigInt(0n, 2n ** 40n), fc.bigInt(1n, 2n ** 40n), (remaining, mostLeft, total) => {
        const left = read({ meter: 'x', remaining: remaining.toString() }, { mostLeft });
        if (!left.ok || leftAlone(left.value) === null) return;
        expect(leftAlone(left.value)).toBe(remaining);
        const after = withTotal(left.value, total);
        if (remaining > total) expect(after).toBe(left.value);
        else expect(after).toEqual({ used: total - remaining, total, observedAt: arrivedAt, period: null });
      }),
    );
    const used = read({ meter: 'x', used: 7 });
    expect(used.ok && withTotal(used.value, 9n)).toEqual({ used: 7n, total: 9n, observedAt: arrivedAt, period: null });
  });

  test('takes the period of its source when it names none', () => {
    const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
    expect(read({ meter: 'x', used: 5 }, { periodSpec: { every: 'month', day: 1 } })).toMatchObject({ value: { period } });
  });

  test('of which nothing is left, with a total that nobody knows, is used up; but an allowance may include nothing', () => {
    expect(read({ meter: 'x', remaining: 0 })).toMatchObject({ value: { used: 0n, total: 0n, isTotalUnknown: true } });
    expect(read({ meter: 'x', remaining: 0 }, { lastTotal: 500n })).toMatchObject({ value: { used: 500n, total: 500n } });
    const allowance = read({ meter: 'x', remaining: 0 }, { periodSpec: { every: 'month', day: 1 } });
    expect(allowance).toMatchObject({ value: { used: 0n, total: 0n } });
    expect(allowance).not.toHaveProperty('value.isTotalUnknown');
  });

  test('is taken up to 5 minutes ahead of our clock, and not one second more', () => {
    expect(read({ meter: 'x', used: 5, observedAt: '2026-11-23T14:10:00Z' })).toMatchObject({ ok: true });
    expect(read({ meter: 'x', used: 5, observedAt: '2026-11-23T14:10:01Z' })).toEqual({
      ok: false,
      error: { code: 'ahead-of-clock', observedAt: new Date('2026-11-23T14:10:01Z'), arrivedAt },
    });
  });

  const meter = 'x';
  const november = { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' };
  test.each<[unknown, ReadingProblem]>([
    [null, { code: 'not-an-object' }],
    [17, { code: 'not-an-object' }],
    [{ used: 5 }, { code: 'field-missing', field: 'meter' }],
    [
      { meter: '', used: 5 },
      { code: 'bad-name', field: 'meter' },
    ],
    [
      { meter: 'a/b', used: 5 },
      { code: 'bad-name', field: 'meter' },
    ],
    [
      { meter: 'a\u0000b', used: 5 },
      { code: 'bad-name', field: 'meter' },
    ],
    [
      { meter: 5, used: 5 },
      { code: 'wrong-type', field: 'meter' },
    ],
    [
      { meter, used: 5, label: 5 },
      { code: 'wrong-type', field: 'label' },
    ],
    [
      { meter, used: 5, decimals: 7 },
      { code: 'bad-decimals', most: 6 },
    ],
    [{ meter }, { code: 'used-and-remaining-missing' }],
    [
      { meter, used: 5, observedAt: '0001-01-01T00:00:00+01:00' },
      { code: 'off-calendar', field: 'observedAt' },
    ],
    [
      { meter, used: 5, period: { ...november, start: '0001-01-01T00:00:00+01:00' } },
      { code: 'off-calendar', field: 'period.start' },
    ],
    [
      { meter, used: 5, period: { ...november, end: '9999-12-31T23:59:59-14:00' } },
      { code: 'off-calendar', field: 'period.end' },
    ],
    [
      { meter, used: -1 },
      { code: 'bad-amount', field: 'used', problem: { code: 'negative' } },
    ],
    [
      { meter, used: 5, total: -1 },
      { code: 'bad-amount', field: 'total', problem: { code: 'negative' } },
    ],
    [
      { meter, used: 5, total: '-1000' },
      { code: 'bad-amount', field: 'total', problem: { code: 'negative' } },
    ],
    [
      { meter, remaining: 5, total: '-0.5' },
      { code: 'bad-amount', field: 'total', problem: { code: 'part-of-a-unit' } },
    ],
    [
      { meter, used: 1.5 },
      { code: 'bad-amount', field: 'used', problem: { code: 'part-of-a-unit' } },
    ],
    [
      { meter, used: '1e9' },
      { code: 'bad-amount', field: 'used', problem: { code: 'not-a-decimal' } },
    ],
    [
      { meter, used: '1,614' },
      { code: 'bad-amount', field: 'used', problem: { code: 'not-a-decimal' } },
    ],
    [
      { meter, used: true },
      { code: 'not-an-amount', field: 'used' },
    ],
    [
      { meter, used: '' },
      { code: 'not-an-amount', field: 'used' },
    ],
    [
      { meter, used: 5, total: 9007199254740992 },
      { code: 'bad-amount', field: 'total', problem: { code: 'beyond-safe-integers' } },
    ],
    [{ meter, remaining: 200, total: 100 }, { code: 'remaining-above-total' }],
    [{ meter, remaining: 200, total: null }, { code: 'remaining-of-unlimited' }],
    [
      { meter, used: 5, observedAt: 17 },
      { code: 'bad-time', field: 'observedAt', problem: { why: 'no-time' } },
    ],
    [
      { meter, used: 5, observedAt: 'yesterday' },
      { code: 'bad-time', field: 'observedAt', problem: { why: 'no-time' } },
    ],
    [
      { meter, used: 5, observedAt: '2026-11-23T08:00:00' },
      { code: 'bad-time', field: 'observedAt', problem: { why: 'no-zone' } },
    ],
    [
      { meter, used: 5, observedAt: '2026-02-30T08:00:00Z' },
      { code: 'bad-time', field: 'observedAt', problem: { why: 'no-such-day' } },
    ],
    [
      { meter, used: 5, observedAt: '03/04/2026' },
      { code: 'bad-time', field: 'observedAt', problem: { why: 'two-days', days: ['2026-04-03', '2026-03-04'] } },
    ],
    [
      { meter, used: 5, period: { ...november, start: 'May' } },
      { code: 'bad-time', field: 'period.start', problem: { why: 'no-time' } },
    ],
    [
      { meter, used: 5, period: { ...november, end: 'May' } },
      { code: 'bad-time', field: 'period.end', problem: { why: 'no-time' } },
    ],
    [{ meter, used: 5, period: { ...november, end: november.start } }, { code: 'period-not-forward' }],
    [
      { meter, used: 5, period: { start: '2026-12-01T00:00:00Z' } },
      { code: 'field-missing', field: 'period.end' },
    ],
  ])('%j is rejected with its reason', (raw, problem) => {
    expect(read(raw)).toEqual({ ok: false, error: problem });
  });

  test('with a field that no reading has is rejected: a mistyped total must not read as unlimited', () => {
    expect(read({ meter, used: 5, totl: 100 })).toMatchObject({ ok: false, error: { code: 'unknown-fields', fields: ['totl'] } });
  });

  test('shows a foreign label as it is, without control characters, cut at 200', () => {
    const draft = draftReading({ meter: 'x', used: 1, label: `<!channel>\u0007 *x* ${'y'.repeat(10_000)}` }, arrivedAt);
    const label = draft.ok ? draft.value.details.label : undefined;
    expect(label?.startsWith('<!channel> *x* yyy')).toBe(true);
    expect(Array.from(label ?? '')).toHaveLength(200);
  });
});

test.each([
  ['2026-11-23T08:00:00+0000', false],
  ['2026-11-23T10:00:00+02', false],
  ['Mon, 23 Nov 2026 08:00:00 GMT', false],
  ['2026-11-23 08:00 UTC', false],
  ['2026-11-23t08:00:00z', false],
  ['2026-11-23t09:00:00+01:00', false],
  ['1795420800', false],
  ['2026-11-23', true],
  ['23.11.2026', true],
])('observed at %s: whether only a day is known is %s', (observedAt, isCoarse) => {
  const draft = draftReading({ meter: 'x', used: 1, observedAt }, new Date('2026-11-23T09:00:00Z'));
  expect(draft).toMatchObject({ ok: true, value: { isCoarse, observedAt: new Date(`2026-11-23T0${isCoarse ? 0 : 8}:00:00Z`) } });
});

test('a day that has not yet begun in UTC is today, and the day after it is the future', () => {
  const arrivedAt = new Date('2026-11-22T11:00:00Z');
  const on = (observedAt: string) => draftReading({ meter: 'x', used: 1, observedAt }, arrivedAt);
  expect(on('2026-11-23')).toMatchObject({ ok: true, value: { observedAt: arrivedAt } });
  expect(on('2026-11-24')).toMatchObject({ ok: false });
  expect(on('2026-11-23T00:00:00Z')).toMatchObject({ ok: false });
});

test.each([
  ['2026-11-28', 'America/New_York', '2026-11-28T05:00:00Z'],
  ['28.11.2026', 'America/New_York', '2026-11-28T05:00:00Z'],
  ['2026-11-28', 'UTC', '2026-11-28T00:00:00Z'],
  ['2026-11-28', 'Europe/Berlin', '2026-11-27T23:00:00Z'],
  ['2026-11-28', 'Asia/Kolkata', '2026-11-27T18:30:00Z'],
  ['2026-11-29', 'America/New_York', '2026-11-29T03:00:00Z'],
  ['2026-11-28T00:00:00Z', 'America/New_York', '2026-11-28T00:00:00Z'],
  ['2026-11-28T08:00:00Z', 'America/New_York', '2026-11-28T08:00:00Z'],
])('observed at %s, for an account in %s, is %s and never after its arrival', (observedAt, timeZone, expected) => {
  const draft = draftReading({ meter: 'x', used: 1, total: 2, observedAt }, new Date('2026-11-29T03:00:00Z'));
  if (!draft.ok) throw new Error(draft.error.code);
  const read = completeReading(draft.value, {
    decimals: 0,
    cuts: false,
    lastTotal: undefined,
    statedTotal: null,
    periodSpec: null,
    timeZone,
  });
  expect(read).toMatchObject({ ok: true, value: { observedAt: new Date(expected) } });
});
