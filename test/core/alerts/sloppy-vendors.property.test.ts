import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countConsumption } from '../../../src/core/meters/export.ts';
import { daysOf } from '../../../src/core/meters/history.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { APOLLO, thresholds, watching } from '../../support/watching.ts';

/**
 * A vendor that is honest but sloppy, against what a careful person would say of it. The truth is a meter that only grows and is
 * reset with its period. What is polled every three hours jitters, lags, answers 0 or nearly 0 now and then, names another total or
 * none, shows the figure of the last period once more, and repeats itself.
 */

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const PERIOD_HOURS = 240;
const EVERY_HOURS = 3;
const POLLS = (3 * PERIOD_HOURS) / EVERY_HOURS;
const TOTAL = 10_000n;
const LEVELS = [50, 80, 100] as const;

type Poll = {
  /** What is used by the next poll. */
  readonly grows: number;
  /** How far the start that it names is from the true one. */
  readonly jitterMs: number;
  readonly odd: 'no' | 'twice' | Odd;
};
/** What one answer says that is not so; `low-run` is two in a row, of different figures that are nearly nothing. */
const odds = [
  'used-0',
  'used-low',
  'used-tenth',
  'low-run',
  'total-0',
  'total-null',
  'total-small',
  'total-below',
  'total-large',
  'both-0',
  'both-odd',
  'old-figure',
] as const;
type Odd = (typeof odds)[number];

const polls: fc.Arbitrary<readonly Poll[]> = fc.array(
  fc.record({
    grows: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 200 }) },
      { weight: 1, arbitrary: fc.integer({ min: 500, max: 4000 }) },
    ),
    jitterMs: fc.constantFrom(0, 0, 720, -720, 3_000, -9_000, 140_000),
    odd: fc.oneof(
      { weight: 30, arbitrary: fc.constant('no' as const) },
      { weight: 2, arbitrary: fc.constantFrom(...odds) },
      { weight: 1, arbitrary: fc.constant('twice' as const) },
    ),
  }),
  { minLength: POLLS, maxLength: POLLS },
);
/** Polls after the start of a period at which the vendor still shows the old figure: at most a day. */
const lags = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }));

type Reported = { readonly readings: readonly Reading[]; readonly truth: readonly { readonly used: bigint; readonly period: number }[] };

/** What the vendor says, and what was really so by the time of each figure that a careful person would believe. */
function report(all: readonly Poll[], lagging: readonly [number, number, number]): Reported {
  const readings: Reading[] = [];
  const truth: { used: bigint; period: number }[] = [];
  let used = 0;
  let old = 0;
  let shownBefore = 0;
  /** As `shownBefore`, but what an odd answer hid was not seen. */
  let lastSeen = 0;
  let wasOdd = true;
  let leaptFrom: number | null = null;
  all.forEach(({ grows, jitterMs, odd }, index) => {
    const hour = index * EVERY_HOURS + 1;
    const period = Math.floor(hour / PERIOD_HOURS);
    const sinceStart = index - Math.ceil((period * PERIOD_HOURS - 1) / EVERY_HOURS);
    if (period > 0 && sinceStart === 0) [old, used] = [used, 0];
    used += grows;
    const at = START + hour * HOUR;
    const start = START + period * PERIOD_HOURS * HOUR + jitterMs;
    const isLagging = period > 0 && sinceStart < (lagging[period] ?? 0) && hour - period * PERIOD_HOURS <= 23;
    const shown = isLagging ? old : used;
    const reading: Reading = {
      used: BigInt(shown),
      total: TOTAL,
      observedAt: new Date(at),
      period: { start: new Date(start), end: new Date(start + PERIOD_HOURS * HOUR) },
    };
    // Odd answers come alone: two that say the same are news. While the old figure stands, a new one of 0 would be the reset, and
    // where the last figure of a period is hidden, nobody knows the old one.
    const isLast = Math.floor((hour + EVERY_HOURS) / PERIOD_HOURS) > period;
    const isQuiet = odd !== 'no' && odd !== 'twice' && !wasOdd && !isLagging && !isLast;
    const isOdd = isQuiet && (odd === 'old-figure' ? isOldFigure() : sinceStart > (lagging[period] ?? 0) + 1 && canBe(odd));
    wasOdd = isOdd;
    if (isOdd) readings.push(...oddReadings(reading, odd, old, BigInt(shownBefore)));
    else readings.push(reading);
    if (odd === 'twice' && !isOdd) readings.push(reading);
    if (!isOdd && !isLagging) truth.push({ used: BigInt(used), period });
    if (!isOdd) {
      if (shown > lastSeen * 10) leaptFrom = lastSeen;
      else if (shown < lastSeen) leaptFrom = null;
      lastSeen = shown;
    }
    shownBefore = shown;

    /** In the first day of a period, once its own figure has been shown and is far from the old one. */
    function isOldFigure(): boolean {
      return (
        period > 0 && sinceStart > (lagging[period] ?? 0) && hour - period * PERIOD_HOURS <= 23 && shownBefore * 2 < old && used * 2 < old
      );
    }

    /** Of a small figure no other is odd, and a total that does not cover what is used is no news where none did. */
    function canBe(kind: Odd): boolean {
      if (kind === 'total-below') return shownBefore > 500 && BigInt(shown) < TOTAL;
      // To fall to just where it was before it leapt is what a vendor does that takes the leap back.
      if (kind === 'used-tenth' && leaptFrom !== null && Math.abs(shownBefore / 10 - leaptFrom) * 10 <= shownBefore) return false;
      return (kind !== 'used-low' && kind !== 'used-tenth' && kind !== 'low-run' && kind !== 'both-odd') || shownBefore > 500;
    }
  });
  // An odd answer that nothing follows has not been taken back yet.
  return { readings: wasOdd ? readings.slice(0, -1) : readings, truth };
}

function oddReadings(reading: Reading, odd: Odd, old: number, before: bigint): readonly Reading[] {
  const later = new Date(reading.observedAt.getTime() + HOUR);
  switch (odd) {
    case 'used-0':
      return [{ ...reading, used: 0n }];
    case 'used-low':
      return [{ ...reading, used: 3n }];
    case 'used-tenth':
      return [{ ...reading, used: before / 10n }];
    case 'low-run':
      return [
        { ...reading, used: 0n },
        { ...reading, used: 3n, observedAt: later },
      ];
    case 'total-0':
      return [{ ...reading, total: 0n }];
    case 'total-null':
      return [{ ...reading, total: null }];
    case 'total-small':
      return [{ ...reading, total: 1n }];
    case 'total-below':
      return [{ ...reading, total: reading.used }];
    case 'total-large':
      return [{ ...reading, total: TOTAL * 1000n }];
    case 'both-0':
      return [{ ...reading, used: 0n, total: 0n }];
    case 'both-odd':
      return [{ ...reading, used: 2n, total: null }];
    case 'old-figure':
      return [{ ...reading, used: BigInt(old) }];
  }
}

/** Each level once in each period, at the first believable figure that reaches it. */
function careful(truth: Reported['truth']): readonly string[] {
  const said = new Set<string>();
  for (const { used, period } of truth) {
    for (const level of LEVELS) if (used * 100n >= BigInt(level) * TOTAL) said.add(`${String(period)} used:${String(level)}%`);
  }
  return [...said].sort();
}

const rules = thresholds(LEVELS.map((level) => `${String(level)}%`));

function told({ readings }: Reported) {
  const usage = watching(rules);
  for (const { used, ...rest } of readings) usage.read(used, rest);
  return usage;
}

function periodOf(at: Date): number {
  return Math.floor((at.getTime() - START) / (PERIOD_HOURS * HOUR));
}

describe('an honest but sloppy vendor', () => {
  test('each level is said once in each period and none is missed, whatever jitters, lags or is odd', () => {
    fc.assert(
      fc.property(polls, lags, (all, lagging) => {
        const reported = report(all, lagging);
        const said = told(reported).said.flatMap(({ reading, findings, change }) =>
          change === 'recovered' || change === 'eased'
            ? [`${String(periodOf(reading.observedAt))} ${change}`]
            : findings.map(({ condition }) => `${String(periodOf(reading.observedAt))} ${condition}`),
        );
        expect(said.toSorted()).toEqual(careful(reported.truth));
      }),
      { numRuns: 100 },
    );
  });

  test('what was consumed agrees with what is used: in history and export, on no day less than nothing', () => {
    fc.assert(
      fc.property(polls, lags, (all, lagging) => {
        const reported = report(all, lagging);
        const { history } = told(reported).meterState();
        const first = reported.readings[0]?.used ?? 0n;
        const total = [0, 1, 2].reduce((sum, period) => sum + (reported.truth.findLast((one) => one.period === period)?.used ?? 0n), 0n);
        expect(history?.consumed).toBe(total - first);
        expect(history === null ? [] : daysOf(history).filter(({ consumed }) => consumed < 0n)).toEqual([]);
        const count = countConsumption(APOLLO, { timeZone: 'UTC' });
        const rows = [...reported.readings.flatMap((reading) => count.add(reading)), ...count.end()];
        expect(rows.filter(({ consumed }) => consumed < 0n)).toEqual([]);
        expect(rows.reduce((sum, row) => sum + row.consumed, 0n)).toBe(total - first);
      }),
      { numRuns: 100 },
    );
  });

  test('that names a wild figure for a while and takes it back: what was consumed is what is used', () => {
    const period = { start: new Date(START), end: new Date(START + 31 * 24 * HOUR) };
    const steps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 60 });
    const wild = fc.record({
      after: fc.nat({ max: 55 }),
      polls: fc.integer({ min: 1, max: 3 }),
      by: fc.integer({ min: 20, max: 100_000 }),
    });
    fc.assert(
      fc.property(steps, wild, (grown, { after, polls: lasts, by }) => {
        let used = 100;
        const figures = grown.map((more, index) => {
          used += more;
          const isWild = index >= after && index < Math.min(after + lasts, grown.length - 1) && index > 0;
          return BigInt(isWild ? used * by : used);
        });
        const usage = watching(rules);
        const count = countConsumption(APOLLO, { timeZone: 'UTC' });
        const rows = figures.flatMap((one, index) => {
          const reading: Reading = { used: one, total: 1_000_000_000n, observedAt: new Date(START + (index + 1) * 5 * HOUR), period };
          usage.read(one, reading);
          return count.add(reading);
        });
        const consumed = (figures.at(-1) ?? 0n) - (figures[0] ?? 0n);
        expect(usage.meterState().current?.reading.used).toBe(figures.at(-1));
        expect(usage.meterState().history?.consumed).toBe(consumed);
        expect([...rows, ...count.end()].reduce((sum, row) => sum + row.consumed, 0n)).toBe(consumed);
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, (at: number) => { start: number; end: number }]>([
    ['the last 30 days', (at) => ({ start: at - 30 * 24 * HOUR, end: at })],
    ['the next 30 days', (at) => ({ start: at, end: at + 30 * 24 * HOUR })],
    ['this month so far', (at) => ({ start: START, end: at })],
    ['the month', () => ({ start: START, end: START + 31 * 24 * HOUR })],
  ])('that counts %s: the chart and the history show the same days', (_case, window) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200, max: 300 }), { minLength: 2, maxLength: 120 }), (changes) => {
        const usage = watching(rules);
        const count = countConsumption(APOLLO, { timeZone: 'UTC' });
        let used = 1000;
        const rows = changes.flatMap((change, index) => {
          used = Math.max(used + change, Math.ceil(used * 0.6));
          const at = START + (index + 1) * 5 * HOUR;
          const { start, end } = window(at);
          const period = { start: new Date(start), end: new Date(end) };
          const reading: Reading = { used: BigInt(used), total: 1_000_000n, observedAt: new Date(at), period };
          usage.read(reading.used, reading);
          return count.add(reading);
        });
        const days = new Map<number, bigint>();
        for (const { day, consumed } of [...rows, ...count.end()]) days.set(day, (days.get(day) ?? 0n) + consumed);
        const { history } = usage.meterState();
        const charted = history === null ? [] : daysOf(history);
        expect(charted.map(({ day }) => [day, days.get(day)])).toEqual(charted.map(({ day, consumed }) => [day, consumed]));
        expect([...days.values()].reduce((sum, one) => sum + one, 0n)).toBe(charted.reduce((sum, { consumed }) => sum + consumed, 0n));
      }),
      { numRuns: 100 },
    );
  });

  test('that takes back part of its figure: all days since the period began add up to what is used', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -400, max: 600 }), { minLength: 1, maxLength: 120 }), (changes) => {
        const usage = watching(rules);
        const count = countConsumption(APOLLO, { timeZone: 'UTC' });
        const period = { start: new Date(START), end: new Date(START + 31 * 24 * HOUR) };
        let used = 0;
        const rows = [0, ...changes].flatMap((change, index) => {
          // A fall below a tenth would be taken for a reset.
          used = Math.max(used + change, Math.ceil(used / 2));
          const reading: Reading = { used: BigInt(used), total: 1_000_000n, observedAt: new Date(START + index * 5 * HOUR), period };
          usage.read(reading.used, reading);
          return count.add(reading);
        });
        const { history } = usage.meterState();
        expect(history?.consumed).toBe(BigInt(used));
        expect(history === null ? 0n : daysOf(history).reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(BigInt(used));
        expect([...rows, ...count.end()].reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(BigInt(used));
      }),
      { numRuns: 300 },
    );
  });
});
