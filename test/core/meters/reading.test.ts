import { describe, expect, test } from 'vitest';
import { completeReading, type ReadingDefaults } from '../../../src/core/meters/complete-reading.ts';
import { draftReading } from '../../../src/core/meters/reading.ts';

const arrivedAt = new Date('2026-11-23T14:05:00Z');
const defaults: ReadingDefaults = { decimals: 0, cuts: false, lastTotal: undefined, periodSpec: null, timeZone: 'UTC' };

function read(raw: unknown, known: Partial<ReadingDefaults> = {}) {
  const draft = draftReading(raw, arrivedAt);
  return draft.ok ? completeReading(draft.value, { ...defaults, ...known }) : draft;
}

describe('a reading', () => {
  test('needs no more than a meter and used: it is of the time of arrival and without an allowance', () => {
    expect(read({ meter: 'x', used: 5 })).toEqual({ ok: true, value: { used: 5n, total: null, observedAt: arrivedAt, period: null } });
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
      expect(read({ meter: 'x', used: 1, observedAt })).toEqual({ ok: false, error: 'observedAt names no day of the calendar' });
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
    if (!draft.ok) throw new Error(draft.error);
    const result = completeReading(draft.value, { ...defaults, decimals, cuts });
    const { used, remaining, total } = figures;
    expect(result).toMatchObject(
      isTaken ? { ok: true } : { ok: false, error: `used ${used}, remaining ${remaining} and total ${String(total)} do not add up` },
    );
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
      error: 'used and remaining are together larger than 2^63 - 1',
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

  test('takes the period of its source when it names none', () => {
    const period = { start: new Date('2026-11-01T00:00:00Z'), end: new Date('2026-12-01T00:00:00Z') };
    expect(read({ meter: 'x', used: 5 }, { periodSpec: { every: 'month', day: 1 } })).toMatchObject({ value: { period } });
  });

  test('is taken up to 5 minutes ahead of our clock, and not one second more', () => {
    expect(read({ meter: 'x', used: 5, observedAt: '2026-11-23T14:10:00Z' })).toMatchObject({ ok: true });
    expect(read({ meter: 'x', used: 5, observedAt: '2026-11-23T14:10:01Z' })).toEqual({
      ok: false,
      error:
        "observedAt is 5 min ahead of this server's clock (2026-11-23T14:05:00Z): check the clock of what sends it, then this server's",
    });
    expect(read({ meter: 'x', used: 5, observedAt: '2026-11-25T16:10:01+01:00' })).toEqual({
      ok: false,
      error:
        "observedAt is 2 d 1 h ahead of this server's clock (2026-11-23T14:05:00Z): check the clock of what sends it, then this server's",
    });
  });

  test.each<[unknown, string | RegExp]>([
    [null, 'a reading must be an object'],
    [17, 'a reading must be an object'],
    [{ used: 5 }, 'meter is required'],
    [{ meter: '', used: 5 }, /^meter must have 1 to 200 characters/],
    [{ meter: 'a/b', used: 5 }, /^meter must have 1 to 200 characters/],
    [{ meter: 'a\u0000b', used: 5 }, /^meter must have 1 to 200 characters/],
    [{ meter: 'x' }, 'used or remaining is required'],
    [{ meter: 'x', used: 5, observedAt: '0001-01-01T00:00:00+01:00' }, 'observedAt must lie in the years 1 to 9999'],
    [
      { meter: 'x', used: 5, period: { start: '0001-01-01T00:00:00+01:00', end: '2026-12-01T00:00:00Z' } },
      'period.start must lie in the years 1 to 9999',
    ],
    [
      { meter: 'x', used: 5, period: { start: '2026-11-01T00:00:00Z', end: '9999-12-31T23:59:59-14:00' } },
      'period.end must lie in the years 1 to 9999',
    ],
    [{ meter: 'x', used: -1 }, 'used is negative'],
    [{ meter: 'x', used: 5, total: -1 }, 'total is negative: null means unlimited'],
    [{ meter: 'x', remaining: 5, total: '-0.5' }, /^total /],
    [{ meter: 'x', used: 5, total: '-1000' }, 'total is negative: null means unlimited'],
    [{ meter: 'x', used: 1.5 }, /^used has digits after the point/],
    [{ meter: 'x', used: '1e9' }, /^used is not a decimal number/],
    [{ meter: 'x', used: true }, 'used must be a number or a decimal string'],
    [{ meter: 'x', used: 5, total: 9007199254740992 }, 'total is beyond 2^53: send it as a string'],
    [{ meter: 'x', used: 5, totl: 100 }, /^"totl" is not a field of a reading \(meter, /],
    [{ meter: 'x', remaining: 200, total: 100 }, 'remaining is more than total'],
    [{ meter: 'x', remaining: 200, total: null }, /^remaining says nothing when total is null/],
    [{ meter: 'x', used: 5, observedAt: 'yesterday' }, /^observedAt must be an ISO 8601 time/],
    [{ meter: 'x', used: 5, observedAt: '2026-11-23T08:00:00' }, /^observedAt must be an ISO 8601 time/],
    [{ meter: 'x', used: 5, observedAt: '2026-02-30T08:00:00Z' }, 'observedAt names no day of the calendar'],
    [{ meter: 'x', used: 5, observedAt: '03/04/2026' }, 'observedAt could be 2026-04-03 or 2026-03-04: write the day as 2026-04-03'],
    [{ meter: 'x', used: '1,614' }, /^used is not a decimal number/],
    [
      { meter: 'x', used: 5, period: { start: '2026-12-01T00:00:00Z', end: '2026-12-01T00:00:00Z' } },
      'period.start is not before period.end',
    ],
    [{ meter: 'x', used: 5, period: { start: '2026-12-01T00:00:00Z' } }, 'period.end is required'],
  ])('%j is refused with its reason', (raw, reason) => {
    const result = read(raw);
    expect(result.ok ? 'taken' : result.error).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
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
  if (!draft.ok) throw new Error(draft.error);
  const read = completeReading(draft.value, { decimals: 0, cuts: false, lastTotal: undefined, periodSpec: null, timeZone });
  expect(read).toMatchObject({ ok: true, value: { observedAt: new Date(expected) } });
});
