import { describe, expect, test } from 'vitest';
import { countConsumption } from '../../../src/core/meters/export.ts';
import { daysOf } from '../../../src/core/meters/history.ts';
import { freshnessOf } from '../../../src/core/status/meter-status.ts';
import { knownEnd, type Period } from '../../../src/core/time/period.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { rewind, isAheadOfClock } from '../../../src/core/alerts/rewind.ts';
import { followReading } from '../../../src/core/meters/follow-reading.ts';
import { APOLLO, december, november, thresholds, watching } from '../../support/watching.ts';

const CONTEXT = { resets: true, judgesFrom: null };
const LEVELS = thresholds(['80%', '100%']);

/** A figure with its time; within the period that the time lies in unless it names another. */
type Said = readonly [at: string, used: bigint, more?: Partial<Reading>];

function readingOf([at, used, more]: Said): Reading {
  const observedAt = new Date(`2026-${at}Z`);
  return { used, total: 1000n, observedAt, period: observedAt < november.end ? november : december, ...more };
}

/** What is said of each figure, with the moment of the figure that it speaks of, and what was consumed in all. */
function told(figures: readonly Said[], { resets = true } = {}) {
  const usage = watching(LEVELS, resets ? {} : { meter: { ...watching().meterState().meter, resets } });
  for (const one of figures) {
    const { used, ...rest } = readingOf(one);
    usage.read(used, rest);
  }
  const { history } = usage.meterState();
  return {
    said: usage.said.map(({ reading, change, findings }) =>
      [reading.observedAt.toISOString().slice(5, 16), change, ...findings.map(({ condition }) => condition)].join(' '),
    ),
    consumed: usage.meterState().history?.consumed,
    held: usage.meterState().current?.held ?? null,
    used: usage.meterState().current?.reading.used,
    days: history === null ? [] : daysOf(history),
  };
}

const moved = (byMs: number, of: Period = november): Partial<Reading> => ({
  period: { start: new Date(of.start.getTime() + byMs), end: new Date(of.end.getTime() + byMs) },
});
const MINUTE = 60_000;
const DAY = 86_400_000;
/** The window of a vendor that says "from now, for 30 days". */
const fromNow = (at: string): Partial<Reading> => {
  const start = new Date(`2026-${at}Z`);
  return { period: { start, end: new Date(start.getTime() + 30 * DAY) } };
};

describe('a new period', () => {
  test('begins when its start has moved, also where the figure did not fall: all of it was consumed in it', () => {
    const { said, consumed } = told([
      ['11-01T09:00', 100n],
      ['11-15T09:00', 850n],
      ['12-15T09:00', 900n],
    ]);
    expect(said).toEqual(['11-15T09:00 fired used:80%', '12-15T09:00 fired used:80%']);
    expect(consumed).toBe(750n + 900n);
  });

  test.each([
    ['milliseconds', [0, 720, 13, 700]],
    ['seconds', [0, -4_000, 9_000, 2_000]],
    ['up to five minutes', [0, 5 * MINUTE, 0, 5 * MINUTE]],
    ['a little further with each answer', [0, 4 * MINUTE, 8 * MINUTE, 12 * MINUTE]],
  ])('is not a start that jitters by %s', (_case, jitter) => {
    const figures = [850n, 849n, 850n, 848n].map((used, index): Said => [`11-10T1${String(index)}:00`, used, moved(jitter[index] ?? 0)]);
    const { said, consumed } = told([['11-10T09:00', 100n], ...figures]);
    expect(said).toEqual(['11-10T10:00 fired used:80%']);
    expect(consumed).toBe(748n);
  });

  test('is not a window that the vendor works out anew at each call, to the second or to the day', () => {
    const times = ['11-10T10:00', '11-10T11:00', '11-11T09:00', '11-11T10:00', '11-13T23:30'];
    const figures = times.map((at, index): Said => [at, [850n, 849n, 850n, 848n, 852n][index] ?? 0n, fromNow(at)]);
    expect(told([['11-10T09:00', 100n, fromNow('11-10T09:00')], ...figures]).said).toEqual(['11-10T10:00 fired used:80%']);
    const byDay = times.map((at, index): Said => [at, [850n, 849n, 850n, 848n, 852n][index] ?? 0n, fromNow(`${at.slice(0, 5)}T00:00`)]);
    expect(told([['11-10T09:00', 100n, fromNow('11-10T00:00')], ...byDay]).said).toEqual(['11-10T10:00 fired used:80%']);
  });

  test.each([1, 720, 200_000])('of a vendor whose clock is %d ms ahead is judged from its start', (ahead) => {
    const window = (at: string): Partial<Reading> => ({
      period: { start: new Date(Date.parse(`2026-${at}Z`) + ahead), end: new Date(Date.parse(`2026-${at}Z`) + ahead + 30 * DAY) },
    });
    const figures = ['11-10T09:00', '11-10T10:00', '11-10T11:00'].map((at, index): Said => [
      at,
      [700n, 900n, 1100n][index] ?? 0n,
      window(at),
    ]);
    expect(told(figures).said).toEqual(['11-10T10:00 fired used:80%', '11-10T11:00 worsened used:100%']);
  });

  test.each([
    ['this month so far', (at: string) => ({ start: november.start, end: new Date(`2026-${at}Z`) })],
    ['the last 30 days', (at: string) => ({ start: new Date(Date.parse(`2026-${at}Z`) - 30 * DAY), end: new Date(`2026-${at}Z`) })],
    [
      'the last 30 days, five seconds ago',
      (at: string) => ({ start: new Date(Date.parse(`2026-${at}Z`) - 30 * DAY), end: new Date(Date.parse(`2026-${at}Z`) - 5_000) }),
    ],
  ])('is not a window that ends with the call: %s', (_case, window) => {
    const figures = [500n, 850n, 849n, 852n, 850n].map((used, index): Said => {
      const at = `11-${String(10 + index)}T09:00`;
      return [at, used, { period: window(at) }];
    });
    const { said, consumed } = told(figures);
    expect(said).toEqual(['11-11T09:00 fired used:80%']);
    expect(consumed).toBe(350n);
  });

  test.each([
    ['that ends with the call is current while figures come', 0, ['current', 'current', 'stale']],
    ['that ended a little before the call too', 5_000, ['current', 'current', 'stale']],
    ['that ends in the next minute, at midnight, ends there', -60_000, ['current', 'expired', 'expired']],
  ])('a window %s', (_case, before, freshness) => {
    const observedAt = before < 0 ? new Date(november.end.getTime() + before) : new Date('2026-11-10T09:00:17Z');
    const end = before < 0 ? november.end : new Date(observedAt.getTime() - before);
    const { meter } = watching().meterState();
    const reading: Reading = { used: 850n, total: 1000n, observedAt, period: { start: november.start, end } };
    const source = { kind: 'http', everyMs: 15 * MINUTE };
    const at = [30_000, 20 * MINUTE, 3 * 60 * MINUTE].map((later) =>
      freshnessOf({ meter, reading, held: null, source }, [], new Date(observedAt.getTime() + later)),
    );
    expect(at).toEqual(freshness);
    expect(knownEnd(reading)).toEqual(before < 0 ? november.end : null);
  });

  test('of such a window is seen by the figure: less than half of it is left', () => {
    const { said, consumed } = told([
      ['11-10T09:00', 100n, fromNow('11-10T09:00')],
      ['11-10T10:00', 850n, fromNow('11-10T10:00')],
      ['11-10T11:00', 300n, fromNow('11-10T11:00')],
      ['11-10T12:00', 900n, fromNow('11-10T12:00')],
    ]);
    expect(said).toEqual(['11-10T10:00 fired used:80%', '11-10T12:00 fired used:80%']);
    expect(consumed).toBe(750n + 900n);
  });

  test('that begins with the old figure has not begun: the fall after it is the reset', () => {
    const { said, consumed, days } = told([
      ['11-30T20:00', 100n],
      ['11-30T23:00', 850n],
      ['12-01T00:05', 850n],
      ['12-01T03:00', 851n],
      ['12-01T06:00', 4n],
      ['12-01T09:00', 9n],
    ]);
    expect(said).toEqual(['11-30T23:00 fired used:80%']);
    expect(consumed).toBe(750n + 9n);
    expect(days.map((one) => one.consumed)).toEqual([750n, 9n]);
  });

  test('in which the old figure still stands a day later has really consumed it', () => {
    const figures: readonly Said[] = [
      ['11-30T20:00', 100n],
      ['11-30T23:00', 850n],
      ['12-01T00:05', 850n],
      ['12-01T20:00', 850n],
    ];
    expect(told(figures)).toMatchObject({ said: ['11-30T23:00 fired used:80%'], held: { why: 'old-figure' } });
    const { said, consumed } = told([...figures, ['12-02T01:00', 850n]]);
    expect(said).toEqual(['11-30T23:00 fired used:80%', '12-01T00:05 fired used:80%']);
    expect(consumed).toBe(750n + 850n);
  });

  test.each<[string, readonly Said[], bigint]>([
    [
      'of few units',
      [
        ['11-30T23:50', 40n, { total: 50n }],
        ['12-01T00:05', 41n, { total: 50n }],
        ['12-01T00:35', 1n, { total: 50n }],
      ],
      1n,
    ],
    [
      'that goes on growing',
      [
        ['11-30T23:50', 850n],
        ['12-01T00:05', 880n],
        ['12-01T00:35', 910n],
        ['12-01T01:05', 3n],
      ],
      753n,
    ],
  ])('that begins with an old figure %s has not begun', (_case, figures, consumed) => {
    const first: Said = figures[0]?.[2] === undefined ? ['11-30T20:00', 100n] : ['11-30T20:00', 40n, { total: 50n }];
    const after = told([first, ...figures]);
    expect(after.said.filter((one) => one.startsWith('12-01'))).toEqual([]);
    expect(after.consumed).toBe(consumed);
  });

  test('may come hours before the old one ends, and is not begun once more at its start', () => {
    const { said, consumed } = told([
      ['11-30T08:00', 100n],
      ['11-30T14:00', 850n],
      ['11-30T16:05', 3n],
      ['11-30T17:05', 40n],
      ['11-30T22:00', 820n],
      ['12-01T00:05', 819n],
      ['12-01T08:00', 840n],
    ]);
    expect(said).toEqual(['11-30T14:00 fired used:80%', '11-30T22:00 fired used:80%']);
    expect(consumed).toBe(750n + 840n);
  });

  test.each<[string, number, number, readonly bigint[]]>([
    ['the last 30 days without today', -30, 0, [850n, 855n, 860n, 864n, 869n]],
    ['the last 7 days without today', -7, 0, [850n, 852n, 848n, 849n, 853n]],
    ['the last 30 days with today', -29, 1, [850n, 851n, 849n, 848n, 850n]],
    ['the last 7 days with today', -6, 1, [850n, 846n, 848n, 844n, 849n]],
    ['the last 30 days up to the day before yesterday', -31, -1, [850n, 850n, 851n, 850n, 849n]],
  ])('is not %s', (_case, from, to, ofDays) => {
    const figures = ofDays.flatMap((used, index) =>
      ['00:20', '09:00', '09:15', '17:00', '23:50'].map((time, poll): Said => {
        const midnight = Date.UTC(2026, 10, 10 + index);
        const period = { start: new Date(midnight + from * DAY), end: new Date(midnight + to * DAY) };
        return [`11-${String(10 + index)}T${time}`, used - (poll === 2 ? 1n : 0n), { period }];
      }),
    );
    const usage = watching(LEVELS);
    const count = countConsumption(APOLLO, { timeZone: 'UTC' });
    const rows = figures.flatMap((one) => {
      const { used, ...rest } = readingOf(one);
      usage.read(used, rest);
      return count.add({ used, ...rest });
    });
    const after = usage.meterState();
    const { meter, current } = after;
    const [first, last] = [ofDays[0] ?? 0n, ofDays.at(-1) ?? 0n];
    expect(usage.said.map(({ findings }) => findings.map(({ condition }) => condition))).toEqual([['used:80%']]);
    expect(after.history?.consumed).toBe(last - first);
    expect([...rows, ...count.end()].reduce((sum, row) => sum + row.consumed, 0n)).toBeLessThan(30n);
    if (current === null) throw new Error('no standing');
    const now = new Date(current.reading.observedAt.getTime() + 5 * MINUTE);
    expect(freshnessOf({ meter, reading: current.reading, held: null, source: { kind: 'http', everyMs: 15 * MINUTE } }, [], now)).toBe(
      'current',
    );
    expect(knownEnd(current.reading)).toBe(null);
  });

  test.each<[string, number]>([
    ['day', 1],
    ['week', 7],
  ])('that rolls every %s is a new one each time', (_case, days) => {
    const figures = [0, 1, 2].flatMap((index): Said[] => {
      const start = Date.UTC(2026, 10, 9) + index * days * DAY;
      const period = { start: new Date(start), end: new Date(start + days * DAY) };
      const at = (hours: number) => new Date(start + hours * 60 * MINUTE).toISOString().slice(5, 16);
      return [
        [at(3), 10n, { period }],
        [at(20), 850n, { period }],
      ];
    });
    expect(told(figures)).toMatchObject({ consumed: 840n + 850n + 850n });
    expect(told(figures).said).toHaveLength(3);
  });

  test('is not forgotten by a figure of the old one that comes late', () => {
    const { said, consumed, used } = told([
      ['11-30T20:00', 100n],
      ['11-30T23:00', 850n],
      ['12-01T01:00', 5n],
      ['12-01T02:00', 851n, { period: november }],
      ['12-01T03:00', 6n],
      ['12-01T04:00', 852n, { period: november }],
      ['12-01T05:00', 852n, { period: november }],
      ['12-01T06:00', 7n],
    ]);
    expect(said).toEqual(['11-30T23:00 fired used:80%']);
    expect([consumed, used]).toEqual([750n + 7n, 7n]);
  });

  test('whose start was put right is the same one, once a second figure says so', () => {
    const later: Period = { start: new Date('2026-11-15T00:00:00Z'), end: new Date('2026-12-15T00:00:00Z') };
    const { said, consumed } = told([
      ['11-16T09:00', 100n, { period: later }],
      ['11-17T09:00', 850n, { period: later }],
      ['11-18T09:00', 860n],
      ['11-19T09:00', 870n],
      ['12-02T09:00', 30n],
    ]);
    expect(said).toEqual(['11-17T09:00 fired used:80%']);
    expect(consumed).toBe(770n + 30n);
  });
});

describe('one odd answer', () => {
  test.each<[string, readonly Said[], readonly string[], bigint]>([
    [
      'used of 0, taken back',
      [
        ['11-10T10:00', 850n],
        ['11-10T11:00', 0n],
        ['11-10T12:00', 851n],
      ],
      ['11-10T10:00 fired used:80%'],
      751n,
    ],
    [
      'used of 0, taken back far from a level',
      [
        ['11-10T10:00', 500n],
        ['11-10T11:00', 0n],
        ['11-10T12:00', 501n],
      ],
      [],
      401n,
    ],
    [
      'used of 0, of a small figure',
      [
        ['11-10T10:00', 101n],
        ['11-10T11:00', 0n],
        ['11-10T12:00', 103n],
      ],
      [],
      3n,
    ],
    [
      'used of 0, an hour before the reset',
      [
        ['11-30T22:00', 850n],
        ['11-30T23:00', 0n],
        ['11-30T23:30', 851n],
      ],
      ['11-30T22:00 fired used:80%'],
      751n,
    ],
    [
      'used of 0, and then a new period',
      [
        ['11-30T22:00', 850n],
        ['11-30T23:00', 0n],
        ['12-01T01:00', 3n],
      ],
      ['11-30T22:00 fired used:80%'],
      753n,
    ],
    [
      'a total of 0, taken back',
      [
        ['11-10T10:00', 850n],
        ['11-10T11:00', 850n, { total: 0n }],
        ['11-10T12:00', 851n],
      ],
      ['11-10T10:00 fired used:80%'],
      751n,
    ],
    [
      'both of 0, taken back',
      [
        ['11-10T10:00', 850n],
        ['11-10T11:00', 0n, { total: 0n }],
        ['11-10T12:00', 851n],
      ],
      ['11-10T10:00 fired used:80%'],
      751n,
    ],
    [
      'a total of 0 and then used of 0, taken back',
      [
        ['11-10T10:00', 850n],
        ['11-10T11:00', 850n, { total: 0n }],
        ['11-10T12:00', 0n],
        ['11-10T13:00', 851n],
      ],
      ['11-10T10:00 fired used:80%'],
      751n,
    ],
    [
      'used of 0 while the old figure still stands',
      [
        ['11-30T22:00', 850n],
        ['12-01T01:00', 850n],
        ['12-01T02:00', 0n],
        ['12-01T03:00', 850n],
        ['12-01T06:00', 3n],
      ],
      ['11-30T22:00 fired used:80%'],
      753n,
    ],
  ])('%s: nothing is said of it, and it leaves no trace in what was consumed', (_case, figures, said, consumed) => {
    const first = figures[0]?.[0].startsWith('11-30') ? '11-30T21:00' : '11-10T09:00';
    expect(told([[first, 100n], ...figures])).toMatchObject({ said, consumed, held: null });
  });

  test('of a balance leaves no trace either, and a total that grew explains it', () => {
    const prepaid = (at: string, used: bigint, total = 1000n): Said => [at, used, { period: null, total }];
    const before = [prepaid('11-10T09:00', 100n), prepaid('11-10T10:00', 500n)];
    expect(told([...before, prepaid('11-10T11:00', 0n), prepaid('11-10T12:00', 501n)], { resets: false })).toMatchObject({
      said: [],
      consumed: 401n,
      used: 501n,
    });
    expect(told([...before, prepaid('11-10T11:00', 0n, 1500n)], { resets: false })).toMatchObject({ held: null, used: 0n });
  });

  test.each<[string, readonly bigint[]]>([
    ['0', [1000n]],
    ['1', [999n]],
    ['less than 0', [1035n]],
    ['0 and 1 with the true figure between', [1000n, 102n, 999n]],
  ])('of a balance that has %s left all of a sudden leaves no trace', (_case, figures) => {
    const prepaid = (minute: number, used: bigint): Said => [`11-10T10:${String(minute)}`, used, { period: null }];
    const all = [100n, 101n, ...figures, 103n].map((used, index) => prepaid(10 + index, used));
    expect(told(all.slice(0, 3), { resets: false })).toMatchObject({ said: [], used: 101n, held: { why: 'nothing-left' } });
    expect(told(all, { resets: false })).toMatchObject({ said: [], consumed: 3n, used: 103n, held: null });
  });

  test.each<[string, readonly Said[], readonly string[]]>([
    [
      'twice',
      [
        ['11-10T11:00', 1000n],
        ['11-10T12:00', 1000n],
      ],
      ['11-10T11:00 fired used:80% used:100%'],
    ],
    ['after a day and a half', [['11-11T22:01', 1000n]], ['11-11T22:01 fired used:80% used:100%']],
    [
      'where only a fifth was',
      [
        ['11-10T11:00', 800n],
        ['11-10T12:00', 1000n],
      ],
      ['11-10T11:00 fired used:80%', '11-10T12:00 worsened used:100%'],
    ],
  ])('of a balance that has nothing left %s is believed, as of the first', (_case, figures, said) => {
    const all: readonly Said[] = [['11-10T10:00', 100n], ...figures];
    expect(
      told(
        all.map(([at, used]): Said => [at, used, { period: null }]),
        { resets: false },
      ),
    ).toMatchObject({ said, held: null });
  });

  test('waits to be confirmed, and shows which figure and why', () => {
    const { held, used } = told([
      ['11-10T10:00', 850n],
      ['11-10T11:00', 0n],
    ]);
    expect(held).toMatchObject({ why: 'zero', reading: { used: 0n, observedAt: new Date('2026-11-10T11:00Z') } });
    expect(used).toBe(850n);
  });

  test('that the next one confirms counts from the first: a reset by then', () => {
    const { said, consumed, days } = told(
      [
        ['11-10T09:00', 100n],
        ['11-10T10:00', 850n],
        ['11-10T23:00', 0n],
        ['11-11T01:00', 820n, {}],
      ].map(([at, used], index): Said => [at as string, index === 3 ? 20n : (used as bigint)]),
    );
    expect(said).toEqual(['11-10T10:00 fired used:80%']);
    expect(consumed).toBe(750n + 20n);
    expect(days.map((one) => one.consumed)).toEqual([750n, 20n]);
  });

  test('that more than a few days of use confirm was a reset, and no correction', () => {
    expect(
      told([
        ['11-10T09:00', 100n],
        ['11-10T10:00', 850n],
        ['11-10T11:00', 0n],
        ['11-17T12:00', 430n],
      ]),
    ).toMatchObject({
      said: ['11-10T10:00 fired used:80%'],
      consumed: 750n + 430n,
    });
  });

  test('of a total that the next one confirms says that none is included, as of the first', () => {
    const { said } = told([
      ['11-10T10:00', 500n],
      ['11-10T11:00', 500n, { total: 0n }],
      ['11-10T12:00', 501n, { total: 0n }],
    ]);
    expect(said).toEqual(['11-10T11:00 fired over']);
  });
});

describe('a fall to nearly nothing in a period that goes on', () => {
  const before: readonly Said[] = [
    ['11-10T09:00', 100n],
    ['11-10T10:00', 850n],
  ];
  const back: Said = ['11-10T14:00', 852n];

  test.each<[string, readonly bigint[]]>([
    ['1', [1n]],
    ['a tenth', [85n]],
    ['0 and then 3', [0n, 3n]],
    ['3 and then 0', [3n, 0n]],
  ])('%s is taken back without a trace by the old figure', (_case, figures) => {
    const fallen = figures.map((used, index): Said => [`11-10T${String(11 + index)}:00`, used]);
    expect(told([...before, ...fallen])).toMatchObject({ used: 850n, held: { why: 'zero' } });
    expect(told([...before, ...fallen, back])).toMatchObject({ said: ['11-10T10:00 fired used:80%'], consumed: 752n, held: null });
  });

  test.each<[string, readonly bigint[]]>([
    ['1', [1n]],
    ['a tenth', [85n]],
    ['0 and then 3', [0n, 3n]],
    ['5 and then the same as before', [5n, 850n]],
    ['60', [60n]],
  ])('%s on the last day is taken back without a trace too, and the real reset is one', (_case, figures) => {
    for (const day of ['11-30T02', '11-30T23']) {
      const last: Said = [`${day.slice(0, 6)}${day.slice(6)}:50`, 852n];
      const fallen = figures.map((used, index): Said => [`${day}:${String(10 + index)}`, used]);
      const figuresToLast: readonly Said[] = [...before, [`${day}:05`, 850n], ...fallen, last];
      expect(told(figuresToLast)).toMatchObject({ said: ['11-10T10:00 fired used:80%'], consumed: 752n, held: null });
      const next: readonly Said[] = [
        ['12-01T00:10', 4n],
        ['12-10T00:10', 820n],
      ];
      const after = told([...figuresToLast, ...next]);
      expect(after).toMatchObject({ said: ['11-10T10:00 fired used:80%', '12-10T00:10 fired used:80%'], consumed: 752n + 820n });
    }
  });

  test('seconds before the end of a period, of whatever length, is taken back too', () => {
    const short = { start: new Date('2026-11-10T09:00:00Z'), end: new Date('2026-11-10T11:00:45Z') };
    const figures: readonly Said[] = [...before, ['11-10T11:00', 1n], ['11-10T11:00', 851n]];
    expect(told(figures.map(([at, used]): Said => [at, used, { period: short }]))).toMatchObject({
      said: ['11-10T10:00 fired used:80%'],
      consumed: 751n,
    });
  });

  test.each<[string, readonly bigint[], readonly bigint[]]>([
    ['and goes on from there', [5n, 6n], [8n, 9n]],
    ['twice the same', [5n, 5n], [8n, 9n]],
    ['to 0', [0n], [0n, 3n]],
    ['and is used at once', [30n, 60n], [61n, 70n]],
    ['and is corrected a little', [5n, 5n, 9n], [8n, 12n]],
  ])('that resets early %s: each period consumed what was used in it, and has its own rows', (_case, early, late) => {
    const figures: readonly Said[] = [
      ['11-28T10:00', 100n],
      ['11-30T10:00', 850n],
      ...early.map((used, index): Said => [`11-30T${String(12 + index)}:00`, used]),
      ...late.map((used, index): Said => [`12-01T0${String(1 + index)}:00`, used]),
    ];
    const last = late.at(-1) ?? 0n;
    expect(told(figures)).toMatchObject({ said: ['11-30T10:00 fired used:80%'], consumed: 750n + last, used: last, held: null });
    const count = countConsumption(APOLLO, { timeZone: 'UTC' });
    const rows = [...figures.flatMap((one) => count.add(readingOf(one))), ...count.end()];
    const of = (period: Period) => rows.filter((row) => row.period?.start.getTime() === period.start.getTime());
    expect(of(november).reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(750n);
    expect(of(november).at(-1)).toMatchObject({ used: 850n });
    expect(of(december).reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(last);
    expect(of(december).at(-1)).toMatchObject({ used: last, period: december });
    expect(rows.filter(({ consumed }) => consumed < 0n)).toEqual([]);
  });

  test.each<[string, readonly bigint[]]>([
    ['the same again', [3n, 3n]],
    ['a second one that is more than nearly nothing', [0n, 20n]],
    ['a third one', [0n, 3n, 5n]],
  ])('is confirmed by %s, as of the first', (_case, figures) => {
    const fallen = figures.map((used, index): Said => [`11-10T${String(11 + index)}:00`, used]);
    const last = figures.at(-1) ?? 0n;
    expect(told([...before, ...fallen])).toMatchObject({ used: last, held: null, consumed: 750n + last });
    expect(told([...before, ...fallen, back]).said).toEqual(['11-10T10:00 fired used:80%', '11-10T14:00 fired used:80%']);
  });

  test.each<[string, Said]>([
    ['a correction to more than a tenth', ['11-10T11:00', 86n]],
    ['a fall without a period', ['11-10T11:00', 20n, { period: null }]],
  ])('is not %s, which counts at once', (_case, figure) => {
    const withPeriod = figure[2]?.period === null ? before.map(([at, used]): Said => [at, used, { period: null }]) : before;
    expect(told([...withPeriod, figure])).toMatchObject({ used: figure[1], held: null });
  });
});

describe('a total', () => {
  const before: Said = ['11-10T10:00', 850n];

  test.each<[string, bigint | null]>([
    ['unlimited', null],
    ['1', 1n],
    ['a tenth', 100n],
    ['less than what is used', 840n],
    ['what is used', 850n],
    ['0', 0n],
    ['more than a hundred times as much', 100_001n],
  ])('of %s for one answer is not news', (_case, total) => {
    const odd: Said = ['11-10T11:00', 850n, { total }];
    expect(told([['11-10T09:00', 100n], before, odd])).toMatchObject({ used: 850n, held: { reading: { total } } });
    expect(told([['11-10T09:00', 100n], before, odd, ['11-10T12:00', 851n]])).toMatchObject({
      said: ['11-10T10:00 fired used:80%'],
      consumed: 751n,
      held: null,
    });
  });

  test('that the next answer repeats counts from the first', () => {
    const unlimited = told([before, ['11-10T11:00', 850n, { total: null }], ['11-10T12:00', 851n, { total: null }]]);
    expect(unlimited).toMatchObject({ held: null, used: 851n });
    expect(
      told([
        ['11-10T10:00', 50n],
        ['11-10T11:00', 50n, { total: 60n }],
        ['11-10T12:00', 51n, { total: 60n }],
      ]).said,
    ).toEqual(['11-10T11:00 fired used:80%']);
  });

  test.each<[string, bigint, bigint, boolean]>([
    ['a tenth is confirmed by little more than that', 100n, 101n, true],
    ['a tenth is confirmed by twice as much', 100n, 200n, true],
    ['a tenth is not confirmed by more than twice as much', 100n, 201n, false],
    ['a tenth is confirmed by half as much', 100n, 50n, true],
    ['more than a hundred times as much is confirmed by little less than that', 100_001n, 100_000n, true],
    ['more than a hundred times as much is confirmed by half as much', 100_002n, 50_001n, true],
    ['more than a hundred times as much is not confirmed by less than half', 100_002n, 50_000n, false],
  ])('of %s', (_case, odd, next, isConfirmed) => {
    const at = (hour: number, total: bigint): Reading => readingOf([`11-10T${String(hour)}:00`, 45n, { total }]);
    const start = followReading(followReading(null, at(10, 1000n), CONTEXT).current, at(11, odd), CONTEXT);
    expect(start.transitions).toEqual([]);
    const { transitions, current } = followReading(start.current, at(12, next), CONTEXT);
    expect(transitions.map(({ reading }) => reading.total)).toEqual(isConfirmed ? [odd, next] : [next]);
    expect(current.held).toBe(null);
  });

  test.each<[string, bigint, bigint, bigint]>([
    ['a plan that is halved', 1000n, 500n, 450n],
    ['a plan of little more than a tenth', 1000n, 101n, 90n],
    ['a plan that is doubled', 1000n, 2000n, 1700n],
    ['a plan of a hundred times as much', 1000n, 100_000n, 85_000n],
  ])('of %s counts at once', (_case, total, later, used) => {
    expect(
      told([
        ['11-10T10:00', 50n, { total }],
        ['11-10T11:00', used, { total: later }],
      ]),
    ).toMatchObject({ held: null, used });
  });

  test.each<[string, bigint | null, string[]]>([
    ['unlimited', null, []],
    ['what is used', 60n, ['11-30T11:00 fired used:80% used:100%']],
    ['a tenth', 100n, []],
    ['more than a hundred times as much', 100_001n, []],
  ])('of %s that a new period repeats counts from the first', (_case, total, said) => {
    const after = told([
      ['11-30T10:00', 50n],
      ['11-30T11:00', 60n, { total }],
      ['12-02T10:00', 3n, { total }],
    ]);
    expect(after).toMatchObject({ held: null, used: 3n, consumed: 10n + 3n });
    expect(after.said.filter((one) => one.includes('fired'))).toEqual(said);
  });

  test('that becomes unlimited with a new period counts at once', () => {
    expect(
      told([
        ['11-30T10:00', 850n],
        ['12-02T10:00', 3n, { total: null }],
      ]),
    ).toMatchObject({ held: null, used: 3n });
  });

  test.each<[string, Said, boolean]>([
    ['unlimited is odd', ['11-10T11:00', 500n, { total: null }], true],
    ['less than what is used is odd', ['11-10T11:00', 500n, { total: 10n }], true],
    ['nearly nothing is consumption where the total falls by what is used', ['11-10T11:00', 0n, { total: 10n }], false],
    ['a thousand times as much is a top-up', ['11-10T11:00', 500n, { total: 1_000_000n }], false],
  ])('of a balance that is %s', (_case, [at, used, more], waits) => {
    const prepaid = { period: null };
    const after = told(
      [
        ['11-10T10:00', used, { ...prepaid }],
        [at, used, { ...prepaid, ...more }],
      ],
      { resets: false },
    );
    expect(after.held !== null).toBe(waits);
  });
});

describe('a jump', () => {
  test.each<[string, readonly bigint[]]>([
    ['back to the figure before it', [1_614n, 1_000_214n, 1_614n]],
    ['back to a little more, after a while', [1_614n, 1_000_214n, 1_000_300n, 1_020n + 700n]],
    ['back after a 0', [1_614n, 1_000_214n, 0n, 1_614n]],
  ])('that falls %s was a mistake of the vendor: a correction, and no reset', (_case, figures) => {
    const after = told(figures.map((used, index): Said => [`11-${String(10 + index)}T09:00`, used, { total: 2_000_000n }]));
    const last = figures.at(-1) ?? 0n;
    expect(after).toMatchObject({ used: last, held: null, consumed: last - 1_614n });
    expect(after.days.reduce((sum, { consumed }) => sum + consumed, 0n)).toBe(last - 1_614n);
  });
});

describe('a jump from a handful of units', () => {
  const jumped: readonly Said[] = [
    ['11-01T09:00', 1n],
    ['11-02T09:00', 500n],
    ['11-03T09:00', 850n],
  ];

  test.each([1n, 3n, 10n])('is not taken back by one answer of %s, which may be odd', (odd) => {
    const after = told([...jumped, ['11-03T12:00', odd], ['11-03T15:00', 851n]]);
    expect(after).toMatchObject({ said: ['11-03T09:00 fired used:80%'], held: null, used: 851n, consumed: 850n });
  });

  test('is not taken back by two that differ and are nearly nothing', () => {
    const after = told([...jumped, ['11-03T12:00', 0n], ['11-03T13:00', 3n], ['11-03T15:00', 851n]]);
    expect(after).toMatchObject({ said: ['11-03T09:00 fired used:80%'], held: null, used: 851n, consumed: 850n });
  });

  test.each([1n, 3n])('is taken back by two of %s: a correction, and no reset', (again) => {
    const after = told([...jumped.slice(0, 2), ['11-03T12:00', again], ['11-03T15:00', again]]);
    expect(after).toMatchObject({ held: null, used: again, consumed: again - 1n });
  });
});

describe('the figure of the last period in the first day of a new one', () => {
  const before: readonly Said[] = [
    ['11-30T20:00', 100n],
    ['11-30T23:00', 850n],
  ];

  test.each<[string, readonly Said[]]>([
    [
      'a 0',
      [
        ['12-01T00:05', 0n],
        ['12-01T01:05', 850n],
      ],
    ],
    [
      'a first figure',
      [
        ['12-01T00:05', 2n],
        ['12-01T01:05', 851n],
        ['12-01T02:05', 850n],
      ],
    ],
    [
      'a lag and a first figure',
      [
        ['12-01T00:05', 850n],
        ['12-01T01:05', 1n],
        ['12-01T02:05', 850n],
      ],
    ],
  ])('is not believed after %s either', (_case, figures) => {
    expect(told([...before, ...figures])).toMatchObject({ said: ['11-30T23:00 fired used:80%'], held: { why: 'old-figure' } });
    expect(told([...before, ...figures, ['12-01T06:05', 3n]])).toMatchObject({
      said: ['11-30T23:00 fired used:80%'],
      consumed: 750n + 3n,
      used: 3n,
      held: null,
    });
  });

  test.each<[string, Said]>([
    ['grows', ['12-01T06:05', 900n]],
    ['still stands a day later', ['12-02T01:05', 850n]],
  ])('counts from the first when it %s', (_case, later) => {
    const figures: readonly Said[] = [...before, ['12-01T00:05', 0n], ['12-01T01:05', 850n], later];
    expect(told(figures)).toMatchObject({
      said: ['11-30T23:00 fired used:80%', '12-01T01:05 fired used:80%'],
      consumed: 750n + later[1],
      held: null,
    });
  });
});

describe('two figures of one moment', () => {
  test('that differ: the later one counts, and fires what it reaches', () => {
    const { said, consumed } = told([
      ['11-10T00:00', 500n],
      ['11-10T00:00', 700n],
      ['11-10T00:00', 700n],
      ['11-10T00:00', 970n],
      ['11-11T00:00', 980n],
    ]);
    expect(said).toEqual(['11-10T00:00 fired used:80%']);
    expect(consumed).toBe(480n);
  });

  test('of a moment that is over change nothing', () => {
    expect(
      told([
        ['11-10T09:00', 500n],
        ['11-10T11:00', 600n],
        ['11-10T10:00', 990n],
      ]),
    ).toMatchObject({ said: [], consumed: 100n, used: 600n });
  });

  test('of an odd answer put it right', () => {
    expect(
      told([
        ['11-10T09:00', 500n],
        ['11-10T10:00', 0n],
        ['11-10T10:00', 510n],
      ]),
    ).toMatchObject({ held: null, consumed: 10n });
  });
});

describe('a clock that ran ahead', () => {
  test('what lies in its future is removed, with the period and the consumption that it had begun', () => {
    const usage = watching(LEVELS);
    const figures: readonly Said[] = [
      ['11-28T09:00', 100n],
      ['11-28T10:00', 850n],
      ['12-03T09:00', 850n],
      ['12-03T10:00', 860n],
    ];
    const readings = figures.map(readingOf);
    for (const { used, ...rest } of readings) usage.read(used, rest);
    const now = new Date('2026-11-28T11:00Z');
    expect(isAheadOfClock(usage.meterState(), now)).toBe(true);
    const { current, history } = rewind(usage.meterState(), readings.slice(0, 2), 'UTC');
    expect(current).toMatchObject({ reading: { used: 850n }, periodBeganAt: november.start });
    expect(history?.consumed).toBe(750n);
  });

  test('a vendor whose clock is five minutes ahead is believed', () => {
    const { current } = followReading(null, readingOf(['11-30T09:05', 850n]), { resets: true, judgesFrom: null });
    expect(isAheadOfClock({ current }, new Date('2026-11-30T09:00Z'))).toBe(false);
    expect(followReading(current, readingOf(['11-30T09:04', 860n]), { resets: true, judgesFrom: null }).transitions).toEqual([]);
  });
});

describe('history that decides nothing', () => {
  const context = { resets: true, judgesFrom: new Date('2026-12-01T00:00Z') };
  const ofMonth = (month: number, day: string, used: bigint): Reading => ({
    used,
    total: 1000n,
    observedAt: new Date(`2026-${day}T09:00:00Z`),
    period: { start: new Date(Date.UTC(2026, month, 1)), end: new Date(Date.UTC(2026, month + 1, 1)) },
  });

  test.each([
    ['imported', [ofMonth(8, '09-20', 500n), ofMonth(9, '10-20', 850n), ofMonth(10, '11-20', 900n)]],
    ['published after its month', [ofMonth(8, '10-02', 500n), ofMonth(9, '11-02', 850n), ofMonth(10, '12-02', 900n)]],
  ])('%s: each period consumed what was used in it', (_case, readings) => {
    let current: ReturnType<typeof followReading>['current'] | null = null;
    const consumed = readings.flatMap((one) => {
      const followed: ReturnType<typeof followReading> = followReading(current, one, context);
      current = followed.current;
      return followed.transitions.map((transition) => transition.consumed);
    });
    expect(consumed).toEqual([0n, 850n, 900n]);
  });

  test('the fall that an expired figure showed is not counted once more', () => {
    const { consumed } = told([
      ['11-30T09:00', 100n],
      ['11-30T23:00', 850n],
      ['12-01T00:10', 5n, { period: november }],
      ['12-01T01:00', 6n],
    ]);
    expect(consumed).toBe(756n);
  });
});

describe('what was consumed', () => {
  test('is never less than nothing on any day, and all days of a period add up to what is used', () => {
    const { consumed, days } = told([
      ['11-10T00:30', 0n],
      ['11-10T20:00', 300n],
      ['11-11T20:00', 700n],
      ['11-12T12:00', 250n],
      ['11-12T20:00', 260n],
    ]);
    expect(consumed).toBe(260n);
    expect(days.map((one) => one.consumed)).toEqual([250n, 0n, 10n]);
  });
});
