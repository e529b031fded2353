import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDay, startOfLocalDay } from '../../../src/core/time/local-time.ts';
import { checkResult, type CheckInput } from '../../../src/core/check/check.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { november } from '../../support/watching.ts';

const iso = (text: string) => new Date(text);
const NOW = iso('2026-11-18T12:00:00Z');
const apollo: Reading = { used: 803_412n, total: 1_000_000n, observedAt: NOW, period: november };
const by = (text: string, end: string) => ({ text, end: iso(end) });

function judge(overrides: Partial<CheckInput> = {}) {
  return checkResult({
    amount: 50_000n,
    by: null,
    reading: apollo,
    period: november,
    recurs: null,
    pacePerDay: 45_700_000n,
    stale: false,
    now: NOW,
    timeZone: 'UTC',
    ...overrides,
  });
}

const verdictOf = (overrides: Partial<CheckInput>) => judge(overrides).verdict;

describe('a day that a vendor and the account count in different zones', () => {
  /** The end of a day in a zone. */
  const end = (day: string, timeZone: string) => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
    return { text: day, end: startOfLocalDay((localDay(year, month, date) ?? 0) + 1, timeZone) };
  };
  test.each([
    ['America/New_York', '2026-11-30', null],
    ['America/New_York', '2026-11-29', null],
    ['America/New_York', '2026-12-01', '2026-12-01T00:00:00Z'],
    ['America/New_York', '2026-12-31', '2026-12-01T00:00:00Z'],
    ['America/New_York', '2027-01-01', '2027-01-01T00:00:00Z'],
    ['UTC', '2026-11-30', null],
    ['UTC', '2026-12-01', '2026-12-01T00:00:00Z'],
    ['Europe/Berlin', '2026-11-30', null],
    ['Europe/Berlin', '2026-12-01', '2026-12-01T00:00:00Z'],
    ['Asia/Tokyo', '2026-11-30', null],
    ['Asia/Tokyo', '2026-12-01', '2026-12-01T00:00:00Z'],
    ['Asia/Tokyo', '2026-12-31', '2026-12-01T00:00:00Z'],
  ])('in %s %s counts into the period of its own day', (timeZone, day, countedFrom) => {
    expect(judge({ by: end(day, timeZone), timeZone, pacePerDay: null })).toMatchObject({
      verdict: 'fits',
      countedFrom: countedFrom === null ? null : iso(countedFrom),
      left: countedFrom === null ? 196_588n : 1_000_000n,
    });
  });

  test('nothing is used after the reset', () => {
    // 12.5 days at 10,000 are 125,000, and the five hours after them belong to the next period.
    const left = { ...apollo, used: 1_000_000n - 125_000n - 10n };
    const timeZone = 'America/New_York';
    expect(judge({ amount: 10n, reading: left, by: end('2026-11-30', timeZone), timeZone, pacePerDay: 10_000_000n })).toMatchObject({
      verdict: 'fits',
    });
  });
});

describe('an amount', () => {
  test('fits when the rest lasts at the usual pace', () => {
    expect(judge({ reading: { ...apollo, used: 0n } })).toMatchObject({
      verdict: 'fits',
      left: 1_000_000n,
      lasts: { kind: 'until', horizon: { end: november.end } },
    });
  });

  test('that leaves too little for the usual consumption fits until that has used the rest', () => {
    expect(judge()).toEqual({
      verdict: 'fits-until',
      amount: 50_000n,
      left: 196_588n,
      observedAt: NOW,
      countedFrom: null,
      // 146,588 at 45,700 a day are 3 days and 5 hours.
      until: new Date(NOW.getTime() + Number((146_588n * 86_400_000n) / 45_700n)),
      days: 3,
      pacePerDay: 45_700_000n,
      horizon: { end: november.end, deadline: null },
      // 12.5 days at 45,700 are 571,250.
      missing: 571_250n - 146_588n,
    });
  });

  test.each([
    ['exactly what is left fits when nothing else is used', 196_588n, 0n, 'fits'],
    ['one more than is left does not', 196_589n, 0n, 'does-not-fit'],
    ['exactly what the usual consumption leaves', 196_588n - 125n, 10_000n, 'fits'],
    ['one more than it leaves', 196_588n - 124n, 10_000n, 'fits-until'],
  ])('%s', (_case, amount, pacePerDay, verdict) => {
    expect(verdictOf({ amount, pacePerDay })).toBe(verdict);
  });

  test('does not fit by as much as is missing', () => {
    expect(judge({ amount: 250_000n })).toMatchObject({ verdict: 'does-not-fit', left: 196_588n, short: 53_412n });
  });

  test('does not fit where the allowance is already used up, and what is over is missing too', () => {
    expect(judge({ reading: { ...apollo, used: 1_000_214n } })).toMatchObject({ verdict: 'does-not-fit', left: -214n, short: 50_214n });
  });

  test('does not fit into an allowance of 0', () => {
    expect(judge({ reading: { ...apollo, used: 0n, total: 0n } })).toMatchObject({ verdict: 'does-not-fit', short: 50_000n });
  });

  test('always fits without a limit, whatever else is not known', () => {
    expect(judge({ reading: { ...apollo, total: null }, stale: true, period: null, pacePerDay: null })).toEqual({
      amount: 50_000n,
      verdict: 'unlimited',
    });
  });

  test('fits with no promise when it is too early to know a pace', () => {
    expect(judge({ pacePerDay: null })).toMatchObject({ verdict: 'fits', lasts: { kind: 'unknown', horizon: { end: november.end } } });
  });

  test('is judged from when the figure was observed: what is usual was used since', () => {
    const threeDaysOld = { ...apollo, observedAt: iso('2026-11-15T12:00:00Z') };
    expect(judge({ reading: threeDaysOld })).toMatchObject({
      verdict: 'fits-until',
      days: 0,
      until: new Date(threeDaysOld.observedAt.getTime() + Number((146_588n * 86_400_000n) / 45_700n)),
    });
    expect(judge({ reading: { ...apollo, observedAt: iso('2026-11-12T12:00:00Z') } })).toMatchObject({
      verdict: 'fits-until',
      days: 0,
      until: NOW,
    });
  });
});

describe('cannot be said', () => {
  test('without figures', () => {
    expect(judge({ reading: null })).toEqual({ amount: 50_000n, verdict: 'cannot-say', reason: 'no-figures' });
  });

  test('of stale figures', () => {
    expect(judge({ stale: true, reading: { ...apollo, observedAt: iso('2026-11-09T12:00:00Z') } })).toMatchObject({
      reason: 'stale',
      left: 196_588n,
      ageMs: 9 * 86_400_000,
    });
  });

  test('of figures whose period has ended, from its first instant on', () => {
    expect(judge({ now: iso('2026-11-30T23:59:59.999Z'), pacePerDay: 0n }).verdict).toBe('fits');
    expect(judge({ now: november.end, pacePerDay: 0n })).toMatchObject({ verdict: 'cannot-say', reason: 'expired' });
  });

  test('until when, where the reset day is not known', () => {
    expect(judge({ period: null })).toMatchObject({ verdict: 'cannot-say', reason: 'no-reset-day', left: 196_588n });
  });

  test('but what is not there does not fit, whenever the reset is', () => {
    expect(verdictOf({ period: null, amount: 250_000n })).toBe('does-not-fit');
  });

  test('and what lasts until the day asked for fits, whenever the reset is', () => {
    expect(judge({ period: null, by: by('20 Nov', '2026-11-21T00:00:00Z') })).toMatchObject({ verdict: 'fits', lasts: { kind: 'until' } });
    expect(judge({ period: null, by: by('28 Nov', '2026-11-29T00:00:00Z') })).toMatchObject({
      verdict: 'cannot-say',
      reason: 'no-reset-day',
    });
    expect(judge({ period: null, by: by('20 Nov', '2026-11-21T00:00:00Z'), pacePerDay: null })).toMatchObject({
      verdict: 'cannot-say',
      reason: 'no-reset-day',
    });
  });
});

describe('a day by which it is used', () => {
  test('is the horizon instead of the reset', () => {
    expect(judge({ by: by('20 Nov', '2026-11-21T00:00:00Z') })).toMatchObject({
      verdict: 'fits',
      countedFrom: null,
      lasts: { kind: 'until', horizon: { deadline: { text: '20 Nov' } } },
    });
    expect(judge({ by: by('22 Nov', '2026-11-23T00:00:00Z') })).toMatchObject({
      verdict: 'fits-until',
      horizon: { deadline: { text: '22 Nov' } },
    });
  });

  test('that is the last of the period belongs to it', () => {
    expect(judge({ by: by('30 Nov', '2026-12-01T00:00:00Z'), pacePerDay: 0n })).toMatchObject({ countedFrom: null, left: 196_588n });
  });

  test('after the reset counts into the next period, with the whole allowance', () => {
    expect(judge({ by: by('5 Dec', '2026-12-06T00:00:00Z'), amount: 500_000n })).toMatchObject({
      verdict: 'fits',
      countedFrom: november.end,
      left: 1_000_000n,
      lasts: { kind: 'until' },
    });
    expect(judge({ by: by('5 Dec', '2026-12-06T00:00:00Z'), amount: 1_000_001n })).toMatchObject({
      verdict: 'does-not-fit',
      countedFrom: november.end,
      short: 1n,
    });
    expect(judge({ by: by('5 Dec', '2026-12-06T00:00:00Z'), amount: 900_000n })).toMatchObject({
      verdict: 'fits-until',
      until: new Date(november.end.getTime() + Number((100_000n * 86_400_000n) / 45_700n)),
      days: 2,
      missing: 128_500n,
    });
  });

  test('several resets away counts into the period it lies in', () => {
    expect(judge({ by: by('5 Feb 2027', '2027-02-06T00:00:00Z'), amount: 700_000n })).toMatchObject({
      verdict: 'fits',
      countedFrom: iso('2027-02-01T00:00:00Z'),
    });
  });
});

describe('a balance, which never resets', () => {
  test('lasts until its pace has used the rest', () => {
    expect(judge({ period: 'never', pacePerDay: 10_000_000n })).toMatchObject({
      verdict: 'fits',
      lasts: { kind: 'balance', usedUpAt: new Date(NOW.getTime() + Number((146_588n * 86_400_000n) / 10_000n)) },
    });
  });

  test('of which nothing is used lasts, with no day named', () => {
    expect(judge({ period: 'never', pacePerDay: 0n })).toMatchObject({ lasts: { kind: 'balance', usedUpAt: null } });
    expect(judge({ period: 'never', pacePerDay: 1n, reading: { ...apollo, used: 0n, total: 2n ** 62n } })).toMatchObject({
      lasts: { kind: 'balance', usedUpAt: null },
    });
  });

  test('has the day asked for as its horizon, across any month', () => {
    expect(judge({ period: 'never', by: by('5 Feb', '2027-02-06T00:00:00Z') })).toMatchObject({ verdict: 'fits-until', countedFrom: null });
  });
});

test('what fits still fits when less is asked, and never leaves less than the usual consumption needs', () => {
  const amounts = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 0n, max: 2n ** 70n }),
      fc.integer({ min: 0, max: 17 * 24 }),
      (used, total, amount, pacePerDay, hoursAgo) => {
        const reading = { ...apollo, used, total, observedAt: new Date(NOW.getTime() - hoursAgo * 3_600_000) };
        const answer = judge({ amount, reading, pacePerDay });
        const usual = (pacePerDay * BigInt(november.end.getTime() - reading.observedAt.getTime())) / (1000n * 86_400_000n);
        if (answer.verdict === 'fits') {
          expect(used + amount + usual <= total).toBe(true);
          expect(judge({ amount: amount / 2n, reading, pacePerDay }).verdict).toBe('fits');
        }
        if (answer.verdict === 'fits-until') {
          expect(used + amount <= total && used + amount + usual >= total - 1n).toBe(true);
          expect(answer.until >= NOW && answer.until <= november.end && answer.missing > 0n).toBe(true);
          // With what is missing on top, it would have fitted.
          expect(judge({ amount, reading: { ...reading, total: total + answer.missing }, pacePerDay }).verdict).toBe('fits');
        }
        if (answer.verdict === 'does-not-fit') expect(used + amount - total).toBe(answer.short);
      },
    ),
  );
});
