import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backtest } from '../../../src/core/alerts/backtest.ts';
import { countConsumption, type RecordedReading } from '../../../src/core/meters/export.ts';
import type { Meter } from '../../../src/core/meters/meter.ts';
import { thinReadings } from '../../../src/core/meters/thin-readings.ts';
import { bindRules } from '../../../src/core/rules/registry.ts';
import { readRule } from '../../../src/config/rule.ts';
import { DAY_MS, localDayOf } from '../../../src/core/time/local-time.ts';
import { november } from '../../support/watching.ts';

// Large: years of readings.

const apollo: Meter = {
  id: 'm1',
  account: 'default',
  source: 'abmatic',
  key: 'apollo_contacts',
  label: 'Apollo Contacts',
  unit: 'credits',
  decimals: 0,
  aliases: [],
  owner: null,
  consequence: null,
  resets: true,
};
const december = { start: new Date('2026-12-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') };

function at(observedAt: string, used: number, overrides: Partial<RecordedReading> = {}): RecordedReading {
  return { used: BigInt(used), total: 1000n, observedAt: new Date(`2026-${observedAt}Z`), period: november, ...overrides };
}

/** The readings that stay, as `day hour:minute used`. */
function staying(
  readings: readonly RecordedReading[],
  options: { readonly resets?: boolean; readonly timeZone?: string } = {},
): readonly string[] {
  const gone = new Set(thinReadings([], readings, { resets: true, timeZone: 'UTC', ...options }));
  return readings.filter((one) => !gone.has(one)).map(({ observedAt, used }) => `${observedAt.toISOString().slice(5, 16)} ${String(used)}`);
}

describe('what stays of old readings', () => {
  test('is the first of all and the last of each day', () => {
    const readings = [
      at('11-20T08:00', 10),
      at('11-20T12:00', 12),
      at('11-20T20:00', 14),
      at('11-21T08:00', 15),
      at('11-21T20:00', 20),
      at('11-22T08:00', 21),
    ];
    expect(staying(readings)).toEqual(['11-20T08:00 10', '11-20T20:00 14', '11-21T20:00 20', '11-22T08:00 21']);
  });

  test('goes by the day of the account', () => {
    const readings = [at('11-20T08:00', 10), at('11-20T22:59', 12), at('11-20T23:00', 14), at('11-21T08:00', 15)];
    expect(staying(readings, { timeZone: 'Europe/Berlin' })).toEqual(['11-20T08:00 10', '11-20T22:59 12', '11-21T08:00 15']);
  });

  test.each<[string, readonly RecordedReading[], readonly string[]]>([
    [
      'the last of a period and the first of the next',
      [
        at('11-30T01:00', 900),
        at('11-30T02:00', 901),
        at('11-30T23:00', 902),
        at('12-01T00:10', 3, { period: december }),
        at('12-01T09:00', 4, { period: december }),
        at('12-01T10:00', 5, { period: december }),
      ],
      ['11-30T01:00 900', '11-30T23:00 902', '12-01T00:10 3', '12-01T10:00 5'],
    ],
    [
      'the readings around a top-up',
      [
        at('11-20T01:00', 10),
        at('11-20T02:00', 11),
        at('11-20T03:00', 12),
        at('11-20T04:00', 13, { total: 2000n }),
        at('11-20T05:00', 14, { total: 2000n }),
        at('11-20T06:00', 15, { total: 2000n }),
      ],
      ['11-20T01:00 10', '11-20T03:00 12', '11-20T04:00 13', '11-20T06:00 15'],
    ],
    [
      'the readings around a plan cut',
      [
        at('11-20T01:00', 10),
        at('11-20T02:00', 11),
        at('11-20T03:00', 12),
        at('11-20T04:00', 13, { total: 900n }),
        at('11-20T05:00', 14, { total: 900n }),
      ],
      ['11-20T01:00 10', '11-20T03:00 12', '11-20T04:00 13', '11-20T05:00 14'],
    ],
    [
      'the highest and the lowest figure of a correction',
      [
        at('11-20T01:00', 500),
        at('11-20T02:00', 520),
        at('11-20T03:00', 540),
        at('11-20T04:00', 505),
        at('11-20T05:00', 510),
        at('11-20T06:00', 530),
      ],
      ['11-20T01:00 500', '11-20T03:00 540', '11-20T04:00 505', '11-20T06:00 530'],
    ],
    [
      'a fall that a person called a correction',
      [
        at('11-20T01:00', 500),
        at('11-20T02:00', 510),
        at('11-20T03:00', 20, { isCorrection: true }),
        at('11-20T04:00', 21),
        at('11-20T05:00', 22),
      ],
      ['11-20T01:00 500', '11-20T02:00 510', '11-20T03:00 20', '11-20T05:00 22'],
    ],
    [
      'an odd figure that the next one withdrew',
      [
        at('11-20T01:00', 500),
        at('11-20T02:00', 501),
        at('11-20T03:00', 0),
        at('11-20T04:00', 502),
        at('11-20T05:00', 503),
        at('11-20T06:00', 504),
      ],
      ['11-20T01:00 500', '11-20T02:00 501', '11-20T03:00 0', '11-20T04:00 502', '11-20T06:00 504'],
    ],
    [
      'the first reading at each twentieth of the total',
      [
        at('11-20T01:00', 740),
        at('11-20T02:00', 745),
        at('11-20T03:00', 751),
        at('11-20T04:00', 770),
        at('11-20T05:00', 800),
        at('11-20T06:00', 810),
      ],
      ['11-20T01:00 740', '11-20T03:00 751', '11-20T05:00 800', '11-20T06:00 810'],
    ],
    [
      'nothing of noise',
      [
        at('11-20T01:00', 510),
        at('11-20T02:00', 520),
        at('11-20T03:00', 518),
        at('11-20T04:00', 525),
        at('11-20T05:00', 523),
        at('11-20T06:00', 530),
      ],
      ['11-20T01:00 510', '11-20T06:00 530'],
    ],
    [
      'what keeps a small start of a period from looking like a jump',
      [at('11-20T01:00', 1), at('11-20T02:00', 5), at('11-20T03:00', 9), at('11-20T04:00', 20), at('11-20T05:00', 30)],
      ['11-20T01:00 1', '11-20T03:00 9', '11-20T05:00 30'],
    ],
  ])('%s', (_what, readings, stays) => {
    expect(staying(readings)).toEqual(stays);
  });

  test('is the same for a balance whose vendor subtracts usage from the total', () => {
    const left = (hour: string, total: bigint) => at(`11-20T${hour}:00`, 0, { total, period: null });
    const readings = [left('01', 900n), left('02', 890n), left('03', 880n), left('04', 1900n), left('05', 1890n), left('06', 1880n)];
    const gone = thinReadings([], readings, { resets: false, timeZone: 'UTC' });
    expect(gone.map(({ total }) => total)).toEqual([890n, 1890n]);
  });

  test('of a meter that is read every minute for three months is little more than one a day', () => {
    const minute = 60_000;
    const readings = Array.from({ length: 90 * 24 * 60 }, (_, nth): RecordedReading => {
      const observedAt = new Date(Date.UTC(2026, 0, 1) + nth * minute);
      const [year, month] = [observedAt.getUTCFullYear(), observedAt.getUTCMonth()];
      const period = { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) };
      return { used: BigInt(Math.floor((observedAt.getTime() - period.start.getTime()) / minute)), total: 50_000n, observedAt, period };
    });
    // Per month: one a day, the first reading, one per twentieth, and a few at the small start.
    expect(staying(readings).length).toBeLessThan(90 + 3 * 25);
  });
});

type Move = 'use' | 'nothing' | 'noise' | 'correct' | 'zero' | 'top up' | 'cut' | 'jump' | 'reset early';

/** A vendor with all that is odd about vendors, for one meter over some weeks. */
const moves = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.constant<Move>('use') },
      { weight: 3, arbitrary: fc.constant<Move>('nothing') },
      { weight: 3, arbitrary: fc.constant<Move>('noise') },
      { weight: 1, arbitrary: fc.constantFrom<Move>('correct', 'zero', 'top up', 'cut', 'jump', 'reset early') },
    ),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 12 * 60 }),
  ),
  { minLength: 2, maxLength: 300, size: 'max' },
);

function vendor(
  list: readonly (readonly [Move, number, number])[],
  kind: 'month' | 'none' | 'sliding' | 'balance',
): readonly RecordedReading[] {
  let at = Date.UTC(2026, 8, 20);
  let [used, total, month] = [100n, 10_000n, -1];
  return list.map(([move, amount, minutes]): RecordedReading => {
    at += minutes * 60_000;
    const observedAt = new Date(at);
    if (kind === 'month' && month !== -1 && observedAt.getUTCMonth() !== month) used = BigInt(amount);
    month = observedAt.getUTCMonth();
    const by = BigInt(amount);
    let shown: bigint | null = null;
    if (move === 'use') used += by;
    if (move === 'noise') used = used > by ? used - by : used;
    if (move === 'correct') used = (used * 2n) / 3n;
    if (move === 'zero') shown = 0n;
    if (move === 'top up') total += by * 100n;
    if (move === 'cut') total = total > 2000n ? total - by * 10n : total;
    if (move === 'jump') used += by * 40n;
    if (move === 'reset early') used = by;
    const period =
      kind === 'month'
        ? { start: new Date(Date.UTC(2026, month, 1)), end: new Date(Date.UTC(2026, month + 1, 1)) }
        : kind === 'sliding'
          ? { start: new Date(at - 30 * DAY_MS), end: observedAt }
          : null;
    return { used: shown ?? used, total, observedAt, period };
  });
}

const kinds = fc.constantFrom('month', 'none', 'sliding', 'balance');
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu');

function exported(readings: readonly RecordedReading[], resets: boolean, timeZone: string) {
  const count = countConsumption({ ...apollo, resets }, { timeZone });
  return [...readings.flatMap((one) => count.add(one)), ...count.end()].map(({ day, period, consumed, used, total }) => [
    day,
    period,
    consumed,
    used,
    total,
  ]);
}

test('history and export say the same of thinned readings, whatever the vendor sends', () => {
  fc.assert(
    fc.property(moves, kinds, zones, (list, kind, timeZone) => {
      const resets = kind !== 'balance';
      const readings = vendor(list, kind);
      const gone = new Set(thinReadings([], readings, { resets, timeZone }));
      const kept = readings.filter((one) => !gone.has(one));
      expect(exported(kept, resets, timeZone)).toEqual(exported(readings, resets, timeZone));
    }),
    { numRuns: 200 },
  );
});

test('thinning page by page comes to the same answers, and thinning twice removes nothing more', () => {
  fc.assert(
    fc.property(moves, kinds, fc.integer({ min: 5, max: 60 }), (list, kind, page) => {
      const options = { resets: kind !== 'balance', timeZone: 'UTC' };
      const readings = vendor(list, kind);
      let kept: readonly RecordedReading[] = [];
      for (let from = 0; from < readings.length; from += page) {
        const part = readings.slice(from, from + page);
        const gone = new Set(thinReadings(kept, part, options));
        kept = [...kept, ...part.filter((one) => !gone.has(one))];
      }
      expect(exported(kept, options.resets, 'UTC')).toEqual(exported(readings, options.resets, 'UTC'));
    }),
  );
});

describe('a backtest of levels over thinned readings', () => {
  const read = readRule('{ kind: threshold, levels: [50%, 80%, 100%] }');
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const rules = bindRules([{ id: 'tried', version: 1, origin: 'file', ...read.value }]);
  const replay = (meter: Meter, readings: readonly RecordedReading[]) => backtest(rules, meter, readings, 'UTC');
  const thinned = ({ resets }: Meter, readings: readonly RecordedReading[]) => {
    const gone = new Set(thinReadings([], readings, { resets, timeZone: 'UTC' }));
    return readings.filter((one) => !gone.has(one));
  };

  test('posts the same, at the same readings', () => {
    fc.assert(
      fc.property(moves, fc.constantFrom('month', 'none', 'sliding'), (list, kind) => {
        const readings = vendor(list, kind);
        const posts = (all: readonly RecordedReading[]) =>
          replay(apollo, all).map(({ reading, severity }) => [reading.observedAt, severity]);
        expect(posts(thinned(apollo, readings))).toEqual(posts(readings));
      }),
      { numRuns: 200 },
    );
  });

  test('posts on the same days for a balance, whose levels are shares of the last top-up', () => {
    const balance = { ...apollo, resets: false };
    fc.assert(
      fc.property(moves, (list) => {
        const readings = vendor(list, 'balance');
        const days = (all: readonly RecordedReading[]) => [
          ...new Set(replay(balance, all).map(({ reading }) => localDayOf(reading.observedAt, 'UTC'))),
        ];
        expect(days(thinned(balance, readings))).toEqual(days(readings));
      }),
      { numRuns: 200 },
    );
  });
});
