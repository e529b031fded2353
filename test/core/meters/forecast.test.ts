import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecast, type Forecast } from '../../../src/core/meters/forecast.ts';
import { daysOf, samplesOf, type UsageHistory } from '../../../src/core/meters/history.ts';
import { decodeHistory, encodeBody, encodeTip, hasSameBody } from '../../../src/core/meters/stored-history.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { changeOf, recorded } from '../../support/changes.ts';

const HOUR = 3_600_000;
const day = (date: string) => new Date(`2026-${date}T00:00:00Z`);
const november = { start: day('11-01'), end: day('12-01') };
const october = { start: day('10-01'), end: day('11-01') };

/** A reading every hour from `start` to `end`, each consuming what `perHour` says of its hour; a new period begins at 0. */
function consume({
  start,
  end,
  total,
  perHour,
  periods = [november],
}: {
  start: Date;
  end: Date;
  total: bigint;
  perHour: (at: Date) => bigint;
  periods?: readonly { start: Date; end: Date }[];
}): { history: UsageHistory; reading: Reading } {
  let history: UsageHistory | null = null;
  let previous: Reading | null = null;
  let used = 0n;
  for (let at = start.getTime(); at <= end.getTime(); at += HOUR) {
    const observedAt = new Date(at);
    const period = periods.find((one) => one.start <= observedAt && observedAt < one.end) ?? null;
    const added = at === start.getTime() ? 0n : perHour(new Date(at - HOUR));
    used = previous !== null && period?.start.getTime() !== previous.period?.start.getTime() ? 0n : used + added;
    const reading: Reading = { used, total, observedAt, period };
    history = recorded(history, { previous, reading, change: changeOf(previous, reading) }, 'UTC');
    previous = reading;
  }
  if (history === null || previous === null) throw new Error('no readings');
  return { history, reading: previous };
}

function dates(expected: Forecast): unknown {
  const iso = (at: Date) => at.toISOString().slice(0, 16);
  return expected.kind === 'runs-out'
    ? {
        earliest: iso(expected.earliest),
        likely: iso(expected.likely),
        latest: iso(expected.latest),
        perDay: expected.perDay,
        toLast: expected.toLast,
      }
    : expected;
}

describe('when an allowance runs out', () => {
  test('constant: 240 a day with 2,400 left runs out in ten days, on one date; 120 a day would last', () => {
    const { history, reading } = consume({ start: day('11-01'), end: day('11-11'), total: 4800n, perHour: () => 10n });
    expect(dates(forecast(history, reading))).toEqual({
      earliest: '2026-11-21T00:00',
      likely: '2026-11-21T00:00',
      latest: '2026-11-21T00:00',
      perDay: 240n,
      toLast: 120n,
    });
  });

  test('constant and enough: 240 a day with 12,000 in all ends the period at 7,200', () => {
    const { history, reading } = consume({ start: day('11-01'), end: day('11-11'), total: 12_000n, perHour: () => 10n });
    expect(forecast(history, reading)).toEqual({ kind: 'lasts', until: november.end, usedAtEnd: 7200n, perDay: 240n });
  });

  test.each(['11-16', '11-18', '11-20', '11-22'])(
    'weekdays only: seen on %s, the last unit is used on Friday 27 November, within the range that is told',
    (seen) => {
      const weekdays = (at: Date) => (at.getUTCDay() === 0 || at.getUTCDay() === 6 ? 0n : 10n);
      // Twenty workdays of 240 from Monday 2 November.
      const { history, reading } = consume({ start: day('11-02'), end: day(seen), total: 4799n, perHour: weekdays });
      const expected = forecast(history, reading);
      if (expected.kind !== 'runs-out') throw new Error(expected.kind);
      const truth = day('11-28').getTime();
      expect(expected.earliest.getTime()).toBeLessThanOrEqual(truth);
      expect(expected.latest.getTime()).toBeGreaterThanOrEqual(truth - 24 * HOUR);
      expect(expected.latest.getTime() - expected.earliest.getTime()).toBeLessThan(6 * 24 * HOUR);
    },
  );

  test('weekdays only, to the hour: seen on Monday 16 November, a weekend counts as much as it used', () => {
    const { history, reading } = consume({
      start: day('11-02'),
      end: day('11-16'),
      total: 4800n,
      perHour: (at) => (at.getUTCDay() === 0 || at.getUTCDay() === 6 ? 0n : 10n),
    });
    // 2,400 left: 1,200 in the last week, 960 without its busiest day, 1,200 in six days without an idle one.
    expect(dates(forecast(history, reading))).toEqual({
      earliest: '2026-11-28T00:00',
      likely: '2026-11-30T00:00',
      latest: '2026-12-01T00:00',
      perDay: 171n,
      toLast: 160n,
    });
  });

  test('weekdays only and enough for them: lasts, though a workday alone would be too fast', () => {
    const { history, reading } = consume({
      start: day('11-02'),
      end: day('11-16'),
      total: 5000n,
      perHour: (at) => (at.getUTCDay() === 0 || at.getUTCDay() === 6 ? 0n : 10n),
    });
    // 240 a workday would use the 2,600 in eleven days; 1,200 a week use 2,571 of them by 1 December.
    expect(forecast(history, reading)).toEqual({ kind: 'lasts', until: november.end, usedAtEnd: 4971n, perDay: 171n });
  });

  test('a correction takes back what was used before it, and so does the pace', () => {
    // Hour by hour 10, and on 8 November all of the day before is taken back.
    const { history, reading } = consume({
      start: day('11-01'),
      end: day('11-11'),
      total: 4800n,
      perHour: (at) => (at.getTime() === day('11-08').getTime() ? -240n : at.getUTCDate() === 8 ? 0n : 10n),
    });
    // 720 used by 4 November, 1,920 by the 11th: 1,200 in a week are 171 a day, and 2,880 are left.
    expect(dates(forecast(history, reading))).toMatchObject({ likely: '2026-11-27T19:12', perDay: 171n });
  });

  test('a new period that begins with a burst is held against the week before it', () => {
    const { history, reading } = consume({
      start: day('10-20'),
      end: new Date('2026-11-02T00:00:00Z'),
      total: 20_000n,
      perHour: (at) => (at >= day('11-01') ? 100n : 10n),
      periods: [october, november],
    });
    // 2,400 on the first day; with six days of 240, less the last hour of October, 547 a day: 15,867 in the 29 days to come.
    expect(forecast(history, reading)).toEqual({ kind: 'lasts', until: november.end, usedAtEnd: 18_267n, perDay: 547n });
  });

  test('bursty: one day of 2,400 among days of 24 gives a wide range, not a false date', () => {
    const burst = (at: Date) => (at.getUTCDate() === 8 ? 100n : 1n);
    const { history, reading } = consume({ start: day('11-01'), end: day('11-11'), total: 6000n, perHour: burst });
    // 3,384 left: the week averages 363 a day, 420 without its quietest day, 24 without the burst.
    expect(dates(forecast(history, reading))).toEqual({
      earliest: '2026-11-19T01:22',
      likely: '2026-11-20T07:28',
      latest: '2026-12-01T00:00',
      perDay: 363n,
      toLast: 169n,
    });
  });

  test('just reset: the pace of the week before the reset holds, against the new period', () => {
    const { history, reading } = consume({
      start: day('10-20'),
      end: day('11-02'),
      total: 4800n,
      perHour: () => 10n,
      periods: [october, november],
    });
    expect(reading.used).toBe(240n);
    // What was consumed in the last hour of October no reading shows.
    expect(dates(forecast(history, reading))).toEqual({
      earliest: '2026-11-21T00:00',
      likely: '2026-11-21T02:43',
      latest: '2026-11-21T03:11',
      perDay: 238n,
      toLast: 157n,
    });
  });

  test('a top-up moves the date: it is the new total that runs out', () => {
    const { history, reading } = consume({ start: day('11-01'), end: day('11-11'), total: 4800n, perHour: () => 10n });
    expect(dates(forecast(history, { ...reading, total: 6000n }))).toMatchObject({ likely: '2026-11-26T00:00' });
  });

  test('less than three days of figures is too early to tell, three days are enough', () => {
    const until = (hours: number) =>
      consume({ start: day('11-01'), end: new Date(day('11-01').getTime() + hours * HOUR), total: 4800n, perHour: () => 10n });
    const early = until(71);
    expect(forecast(early.history, early.reading)).toEqual({ kind: 'none', why: 'too-early' });
    const enough = until(72);
    expect(dates(forecast(enough.history, enough.reading))).toMatchObject({ likely: '2026-11-21T00:00' });
  });

  test('nothing consumed lasts; without a period it is idle; unlimited, a total of 0 and used up have no forecast', () => {
    const { history, reading } = consume({ start: day('11-01'), end: day('11-11'), total: 4800n, perHour: () => 0n });
    expect(forecast(history, reading)).toEqual({ kind: 'lasts', until: november.end, usedAtEnd: 0n, perDay: 0n });
    expect(forecast(history, { ...reading, period: null })).toEqual({ kind: 'none', why: 'idle' });
    expect(forecast(history, { ...reading, total: null })).toEqual({ kind: 'none', why: 'no-allowance' });
    expect(forecast(history, { ...reading, total: 0n })).toEqual({ kind: 'none', why: 'no-allowance' });
    expect(forecast(history, { ...reading, used: 4800n })).toEqual({ kind: 'none', why: 'used-up' });
  });

  test('weekly figures alone: the range is a fifth to either side, for nobody knows the days between', () => {
    let history: UsageHistory | null = null;
    let previous: Reading | null = null;
    for (const [date, used] of [
      ['11-02', 0n],
      ['11-09', 700n],
    ] as const) {
      const reading: Reading = { used, total: 2100n, observedAt: day(date), period: november };
      history = recorded(history, { previous, reading, change: changeOf(previous, reading) }, 'UTC');
      previous = reading;
    }
    expect(dates(forecast(history, previous ?? fail()))).toEqual({
      earliest: '2026-11-20T16:00',
      likely: '2026-11-23T00:00',
      latest: '2026-11-26T12:00',
      perDay: 100n,
      toLast: 63n,
    });
  });
});

describe('the history', () => {
  const steps = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 60 }), used: fc.bigInt({ min: 0n, max: 10_000n }) }), {
    minLength: 1,
    maxLength: 300,
  });

  test('stays small however long it runs, survives being stored, and no day counts less than nothing', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let at = november.start.getTime();
        let history: UsageHistory | null = null;
        let previous: Reading | null = null;
        let stored = { body: '', tip: '' };
        for (const { hours, used } of all) {
          at += hours * HOUR;
          const reading: Reading = { used, total: 10_000n, observedAt: new Date(at), period: null };
          const before = history;
          history = recorded(before, { previous, reading, change: changeOf(previous, reading) }, 'Europe/Berlin');
          previous = reading;
          stored = {
            body: before !== null && hasSameBody(before, history) ? stored.body : JSON.stringify(encodeBody(history)),
            tip: JSON.stringify(encodeTip(history)),
          };
          expect(daysOf(history).filter(({ consumed }) => consumed < 0n)).toEqual([]);
          expect(isRising(samplesOf(history).map(({ consumed }) => consumed))).toBe(true);
          expect(samplesOf(history).length).toBeLessThanOrEqual(40);
          expect(daysOf(history).length).toBeLessThanOrEqual(37);
          expect(decodeHistory(JSON.parse(JSON.stringify(encodeBody(history))), null)).toEqual(history);
          expect(decodeHistory(JSON.parse(stored.body), JSON.parse(stored.tip))).toEqual(history);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('is short as it is kept, and what was written at greater length before is still read', () => {
    let history: UsageHistory | null = null;
    let previous: Reading | null = null;
    for (let hour = 0; hour < 40 * 24; hour += 1) {
      const reading: Reading = {
        used: BigInt(hour) * 1_000_000n,
        total: null,
        observedAt: new Date(november.start.getTime() + hour * HOUR),
        period: null,
      };
      history = recorded(history, { previous, reading, change: changeOf(previous, reading) }, 'UTC');
      previous = reading;
    }
    const body = encodeBody(history ?? fail());
    // What fits into a row of PostgreSQL with the rest of its meter is neither compressed nor put elsewhere.
    expect(JSON.stringify(body).length).toBeLessThan(1800);
    expect(body.days).toMatch(/^\d+ 24000000,1 24000000,1 24000000/);
    const wordy = {
      consumed: '60',
      samples: [
        { at: '2026-11-01T00:00:00.000Z', consumed: '0' },
        { at: '2026-11-01T07:30:00.000Z', consumed: '60' },
      ],
      days: [{ day: 20_758, consumed: '60' }],
      topUp: null,
    };
    const read = {
      consumed: 60n,
      earlierSamples: [{ at: new Date('2026-11-01T00:00:00Z'), consumed: 0n }],
      latestSample: { at: new Date('2026-11-01T07:30:00Z'), consumed: 60n },
      earlierDays: [],
      latestDay: { day: 20_758, consumed: 60n },
      topUp: null,
      fullest: null,
    };
    expect(decodeHistory(wordy, null)).toEqual(read);
    expect(encodeBody(read)).toEqual({
      consumed: '60',
      samples: '1793491200000 0,27000000 60',
      days: '20758 60',
      topUp: null,
      fullest: null,
    });
  });

  test('a tip that is older than its body is not that body’s, and does not stand in it', () => {
    const at = (hours: number): Reading => ({
      used: BigInt(hours * 10),
      total: null,
      observedAt: new Date(november.start.getTime() + hours * HOUR),
      period: null,
    });
    const early = recorded(null, { previous: null, reading: at(0), change: changeOf(null, at(0)) }, 'UTC');
    const late = recorded(early, { previous: at(0), reading: at(7), change: changeOf(at(0), at(7)) }, 'UTC');
    const [body, tip] = [JSON.parse(JSON.stringify(encodeBody(late))), JSON.parse(JSON.stringify(encodeTip(early)))];
    expect(decodeHistory(body, tip)).toEqual(late);
  });
});

function fail(): never {
  throw new Error('no reading');
}

function isRising(amounts: readonly bigint[]): boolean {
  return amounts.every((amount, index) => index === 0 || amount >= (amounts[index - 1] ?? amount));
}
