import { describe, expect, test } from 'vitest';
import { ruleKinds } from '../../../src/core/rules/registry.ts';
import { ruleOf, watching, type Watching } from '../../support/watching.ts';

/** Sunday 1 November 2026 is day 0. */
const noon = (day: number, hour = 12) => new Date(Date.UTC(2026, 10, 1 + day, hour));
const period = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };
const LARGE = 100_000n;

/** One reading a day at noon, consuming what each day says; returns what was said, with its day. */
function live(usage: Watching, perDay: readonly number[], total: bigint | null = LARGE): readonly string[] {
  let used = 0n;
  usage.read(used, { observedAt: noon(-1), period, total });
  return perDay.flatMap((consumed, day) => {
    used += BigInt(consumed);
    return usage.read(used, { observedAt: noon(day), period, total }).map((said) => `day ${String(day)}: ${said}`);
  });
}

const weeks = (count: number, week: readonly number[]) => Array.from({ length: count }, () => week).flat();
// Sunday first.
const EVEN = [1000, 1000, 1000, 1000, 1000, 1000, 1000];
/** Weeks in which only Monday uses something, and which end with the last of them. */
const mondays = (...each: readonly number[]) => each.flatMap((used) => [0, used, 0, 0, 0, 0, 0]).slice(0, -5);
const WORKDAYS = [0, 1000, 1100, 900, 1000, 1200, 0];

describe('a day far above the usual of its weekday', () => {
  test.each<[string, readonly number[], readonly string[]]>([
    ['even days: six tenths more than usual is still usual', [...weeks(3, EVEN), 1600], []],
    ['even days: one more than that is a spike', [...weeks(3, EVEN), 1601], ['day 21: fired spike']],
    ['workdays: 1,000 on a Sunday that usually uses nothing', [...weeks(3, WORKDAYS), 1000], ['day 21: fired spike']],
    ['workdays: less than 1% of the allowance on such a Sunday is no news', [...weeks(3, WORKDAYS), 999], []],
    ['workdays: Monday after an idle weekend is usual', [...weeks(4, WORKDAYS)], []],
    // Mondays of 1,000, 2,000 and 3,000: the median is 2,000, the deviation from it 1,000.
    ['uneven Mondays: 8,000 is within six deviations', mondays(1000, 2000, 3000, 8000), []],
    ['uneven Mondays: 8,001 is above them', mondays(1000, 2000, 3000, 8001), ['day 22: fired spike']],
    ['one earlier outlier does not move the usual', [...weeks(2, EVEN), 9000, ...EVEN.slice(1), 9000], ['day 21: fired spike']],
    ['two days in a row are two alerts', [...weeks(3, EVEN), 5000, 5000], ['day 21: fired spike', 'day 22: fired spike']],
  ])('%s', (_what, days, said) => {
    expect(live(watching([ruleOf({ kind: 'spike' })]), days)).toEqual(said);
  });

  test('is said once a day, however often figures come', () => {
    const usage = watching([ruleOf({ kind: 'spike' })]);
    live(usage, weeks(3, EVEN));
    const at = (hour: number, used: bigint) => usage.read(used, { observedAt: noon(21, hour), period, total: LARGE });
    expect(at(8, 21_800n)).toEqual([]);
    expect(at(13, 22_700n)).toEqual(['fired spike']);
    expect(at(18, 30_000n)).toEqual([]);
    expect(usage.reasons()).toEqual({ 'rule:spike': 'reported today' });
  });

  test('ends quietly with its day: nobody is told that yesterday is over', () => {
    const usage = watching([ruleOf({ kind: 'spike' })]);
    expect(live(usage, [...weeks(3, EVEN), 5000, 1000])).toEqual(['day 21: fired spike']);
    expect([...usage.alerts.values()].map(({ topic, status, resolution }) => [topic, status, resolution])).toEqual([
      ['unusual', 'resolved', 'lapsed'],
    ]);
  });

  test('a day is one of the account: 23:30 in Berlin belongs to it', () => {
    const usage = watching([ruleOf({ kind: 'spike' })], { timeZone: 'Europe/Berlin' });
    live(usage, weeks(3, EVEN));
    expect(usage.read(21_900n, { observedAt: new Date('2026-11-22T22:30:00Z'), period, total: LARGE })).toEqual([]);
    // 00:30 on Monday in Berlin: what came before midnight is not counted to it.
    expect(usage.read(22_800n, { observedAt: new Date('2026-11-22T23:30:00Z'), period, total: LARGE })).toEqual([]);
  });
});

describe('what it cannot tell it does not say', () => {
  test.each<[string, readonly number[], bigint | null, string]>([
    ['two weeks are too few', [...weeks(2, EVEN), 9000], LARGE, 'too little history: 2 of 3 days of this weekday'],
    [
      'without an allowance a share of it is no minimum',
      [...weeks(3, EVEN), 9000],
      null,
      'no share without an allowance: the minimum must be an amount',
    ],
    ['as usual', [...weeks(3, EVEN), 1000], LARGE, 'as usual'],
    ['above the usual and small', [...weeks(3, WORKDAYS), 500], LARGE, 'above the usual, but less than the minimum'],
  ])('%s', (_what, days, total, reason) => {
    const usage = watching([ruleOf({ kind: 'spike' })]);
    expect(live(usage, days, total)).toEqual([]);
    expect(usage.reasons()).toEqual({ 'rule:spike': reason });
  });

  test('after two days without figures nobody knows the day', () => {
    const usage = watching([ruleOf({ kind: 'spike' })]);
    live(usage, weeks(3, EVEN));
    expect(usage.read(40_000n, { observedAt: noon(22), period, total: LARGE })).toEqual([]);
    expect(usage.reasons()).toEqual({ 'rule:spike': 'readings too far apart to tell the day' });
  });

  test('a reset in the middle of the day counts what it leaves behind, and invents nothing', () => {
    const usage = watching([ruleOf({ kind: 'spike' })]);
    live(usage, weeks(3, EVEN));
    expect(usage.read(300n, { observedAt: noon(21), period: { start: noon(21, 0), end: noon(50) }, total: LARGE })).toEqual([]);
  });
});

describe('its parameters', () => {
  test('sensitivity is a multiple of the spread, minimum an amount for meters without an allowance', () => {
    expect(live(watching([ruleOf({ kind: 'spike', sensitivity: 2 })]), [...weeks(3, EVEN), 1201])).toEqual(['day 21: fired spike']);
    expect(live(watching([ruleOf({ kind: 'spike', minimum: 5000 })]), [...weeks(3, EVEN), 4999], null)).toEqual([]);
    expect(live(watching([ruleOf({ kind: 'spike', minimum: 5000 })]), [...weeks(3, EVEN), 5000], null)).toEqual(['day 21: fired spike']);
  });

  test.each([
    { sensitivity: 0 },
    { sensitivity: 51 },
    { sensitivity: 1.5 },
    { minimum: '101%' },
    { minimum: 'much' },
    { minimum: -1 },
    { levels: ['80%'] },
  ])('%j is refused', (written) => {
    expect(ruleKinds['spike']?.written.safeParse(written).success).toBe(false);
  });

  test('no meter gets it unasked', () => {
    expect(ruleKinds['spike']?.standard).toBeNull();
  });
});
