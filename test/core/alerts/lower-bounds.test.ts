import { describe, expect, test } from 'vitest';
import { countConsumption } from '../../../src/core/meters/export.ts';
import { forecast } from '../../../src/core/meters/forecast.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { rulesFor } from '../../../src/core/rules/registry.ts';
import { APOLLO, december, november, thresholds, watching } from '../../support/watching.ts';

const LEVELS = thresholds(['50%', '80%', '90%', '100%']);

/** A figure of 1,000 with its time: `at least` for what a notice by mail says. */
type Said = readonly [at: string, used: bigint, atLeast?: 'at least' | undefined, more?: Partial<Reading>];

function readingOf([at, used, atLeast, more]: Said): Reading {
  const observedAt = new Date(`2026-${at}Z`);
  const period = observedAt < november.end ? november : december;
  return { used, total: 1000n, observedAt, period, ...(atLeast && { isAtLeast: true }), ...more };
}

function told(figures: readonly Said[], meter = APOLLO) {
  const usage = watching(LEVELS, { meter });
  const said = figures.flatMap((one) => {
    const { used, ...rest } = readingOf(one);
    return usage.read(used, rest);
  });
  const { current, history } = usage.meterState();
  const shown = `${current?.reading.isAtLeast ? 'at least ' : ''}${String(current?.reading.used)}`;
  return { said, shown, consumed: history?.consumed ?? null, usage };
}

const fired = (...levels: string[]) => ['fired', ...levels.map((one) => `used:${one}`)].join(' ');
const noPeriod = { period: null };

describe('a lower bound', () => {
  const cases: readonly [name: string, figures: readonly Said[], shown: string, said: readonly string[], consumed: bigint][] = [
    [
      'raises what is known and fires what it reaches',
      [
        ['11-05T08:00', 100n],
        ['11-10T08:00', 800n, 'at least'],
      ],
      'at least 800',
      [fired('50%', '80%')],
      0n,
    ],
    [
      'below what is known changes nothing',
      [
        ['11-05T08:00', 600n],
        ['11-10T08:00', 500n, 'at least'],
      ],
      '600',
      [fired('50%')],
      0n,
    ],
    [
      'equal to what is known changes nothing',
      [
        ['11-05T08:00', 500n],
        ['11-10T08:00', 500n, 'at least'],
      ],
      '500',
      [fired('50%')],
      0n,
    ],
    [
      'below an earlier bound changes nothing',
      [
        ['11-05T08:00', 800n, 'at least'],
        ['11-10T08:00', 500n, 'at least'],
      ],
      'at least 800',
      [fired('50%', '80%')],
      0n,
    ],
    [
      'above an earlier bound raises it, and fires only what is new',
      [
        ['11-05T08:00', 500n, 'at least'],
        ['11-10T08:00', 800n, 'at least'],
      ],
      'at least 800',
      [fired('50%'), 'worsened used:80%'],
      0n,
    ],
    [
      'that comes twice fires once',
      [
        ['11-05T08:00', 800n, 'at least'],
        ['11-05T08:00', 800n, 'at least'],
      ],
      'at least 800',
      [fired('50%', '80%')],
      0n,
    ],
    [
      'that comes late changes nothing: there may have been a top-up since',
      [
        ['11-10T08:00', 100n],
        ['11-05T08:00', 800n, 'at least'],
      ],
      '100',
      [],
      0n,
    ],
    [
      'of the same instant as a measured figure changes nothing',
      [
        ['11-10T08:00', 100n],
        ['11-10T08:00', 800n, 'at least'],
      ],
      '100',
      [],
      0n,
    ],
    [
      'is replaced by a higher measured figure',
      [
        ['11-05T08:00', 100n],
        ['11-10T08:00', 800n, 'at least'],
        ['11-10T09:00', 850n],
      ],
      '850',
      [fired('50%', '80%')],
      750n,
    ],
    [
      'is replaced by a lower measured figure, and only measured consumption counts',
      [
        ['11-05T08:00', 100n],
        ['11-10T08:00', 800n, 'at least'],
        ['11-10T09:00', 300n],
      ],
      '300',
      [fired('50%', '80%'), 'recovered'],
      200n,
    ],
    [
      'of a new period begins it at once',
      [
        ['11-29T08:00', 950n],
        ['12-05T08:00', 500n, 'at least'],
      ],
      'at least 500',
      [fired('50%', '80%', '90%'), fired('50%')],
      0n,
    ],
    [
      'of a new period leaves its consumption to the next measured figure',
      [
        ['11-29T08:00', 950n],
        ['12-05T08:00', 500n, 'at least'],
        ['12-06T08:00', 520n],
      ],
      '520',
      [fired('50%', '80%', '90%'), fired('50%')],
      520n,
    ],
    [
      'on the first day of a period may be about the one before',
      [
        ['11-29T08:00', 500n],
        ['12-01T00:05', 1000n, 'at least'],
      ],
      '500',
      [fired('50%')],
      0n,
    ],
    [
      'after the end of a period that no other is known of begins one',
      [
        ['11-29T08:00', 950n],
        ['12-05T08:00', 500n, 'at least', noPeriod],
      ],
      'at least 500',
      [fired('50%', '80%', '90%'), fired('50%')],
      0n,
    ],
    [
      'without a period never lowers, not even to a tenth',
      [
        ['11-05T08:00', 900n, undefined, noPeriod],
        ['11-10T08:00', 50n, 'at least', noPeriod],
      ],
      '900',
      [fired('50%', '80%', '90%')],
      0n,
    ],
    [
      'then a fall to nothing: the measured figure waits for a second one',
      [
        ['11-05T08:00', 800n, 'at least'],
        ['11-06T08:00', 0n],
      ],
      'at least 800',
      [fired('50%', '80%')],
      0n,
    ],
    [
      'of 80% reaches 80% and not 90%',
      [
        ['11-05T08:00', 10n],
        ['11-05T09:00', 800n, 'at least'],
        ['11-05T10:00', 899n],
      ],
      '899',
      [fired('50%', '80%')],
      889n,
    ],
    [
      'with a larger total raises the total, also where no more is used',
      [
        ['11-05T08:00', 900n],
        ['11-10T08:00', 900n, 'at least', { total: 5000n }],
        ['11-11T08:00', 920n, undefined, { total: 5000n }],
      ],
      '920',
      [fired('50%', '80%', '90%'), 'recovered'],
      20n,
    ],
    [
      'with a larger total, where no period is known, is no consumption',
      [
        ['11-05T08:00', 900n, undefined, noPeriod],
        ['11-10T08:00', 950n, 'at least', { total: 5000n, ...noPeriod }],
        ['11-11T08:00', 960n, undefined, { total: 5000n, ...noPeriod }],
      ],
      '960',
      [fired('50%', '80%', '90%'), 'recovered'],
      60n,
    ],
    [
      'with a smaller total changes nothing where no more is used',
      [
        ['11-05T08:00', 400n],
        ['11-10T08:00', 400n, 'at least', { total: 500n }],
      ],
      '400',
      [],
      0n,
    ],
    [
      'without a period, and less than a notice of more than a month before, begins a period',
      [
        ['11-03T08:00', 1000n, 'at least', noPeriod],
        ['12-04T08:01', 800n, 'at least', noPeriod],
        ['12-05T08:00', 850n, undefined, noPeriod],
      ],
      '850',
      [fired('50%', '80%', '90%', '100%'), fired('50%', '80%')],
      0n,
    ],
    [
      'without a period, and less than a measured figure of more than a month before, changes nothing',
      [
        ['11-03T08:00', 850n, undefined, noPeriod],
        ['12-05T08:00', 800n, 'at least', noPeriod],
      ],
      '850',
      [fired('50%', '80%')],
      0n,
    ],
    [
      'without a period, and less than a notice of a month before, changes nothing',
      [
        ['11-03T08:00', 1000n, 'at least', noPeriod],
        ['12-04T08:00', 800n, 'at least', noPeriod],
      ],
      'at least 1000',
      [fired('50%', '80%', '90%', '100%')],
      0n,
    ],
    [
      'without a period, and as much as a notice of more than a month before, changes nothing',
      [
        ['11-03T08:00', 1000n, 'at least', noPeriod],
        ['12-14T08:00', 1000n, 'at least', noPeriod],
      ],
      'at least 1000',
      [fired('50%', '80%', '90%', '100%')],
      0n,
    ],
  ];

  test.each(cases)('%s', (_name, figures, shown, said, consumed) => {
    const seen = told(figures);
    expect([seen.shown, seen.said, seen.consumed]).toEqual([shown, said, consumed]);
  });

  test('of a balance raises what is used, and more left than it said is no top-up', () => {
    const balance = { ...APOLLO, resets: false };
    const figures: readonly Said[] = [
      ['11-05T08:00', 100n, undefined, noPeriod],
      ['11-10T08:00', 800n, 'at least', noPeriod],
      ['11-10T09:00', 700n, undefined, noPeriod],
    ];
    const { shown, consumed, usage } = told(figures, balance);
    expect([shown, consumed, usage.meterState().history?.topUp]).toEqual(['700', 600n, null]);
  });

  test('of a balance is never of a later period', () => {
    const balance = { ...APOLLO, resets: false };
    const figures: readonly Said[] = [
      ['11-03T08:00', 1000n, 'at least', noPeriod],
      ['12-14T08:00', 800n, 'at least', noPeriod],
    ];
    expect(told(figures, balance).shown).toBe('at least 1000');
  });

  test('is no basis of a forecast', () => {
    const usage = watching(LEVELS);
    for (let day = 2; day <= 9; day += 1) usage.read(BigInt(day) * 50n, { observedAt: new Date(`2026-11-0${String(day)}T08:00:00Z`) });
    const before = usage.meterState();
    expect(before.current && forecast(before.history, before.current.reading).kind).toBe('runs-out');
    usage.read(800n, { observedAt: new Date('2026-11-10T08:00:00Z'), isAtLeast: true });
    const { current, history } = usage.meterState();
    expect(current && forecast(history, current.reading)).toEqual({ kind: 'none', why: 'too-early' });
    expect(history).toEqual(before.history);
  });

  test('is read by thresholds alone, and a rule that it passes over starts again with its period', () => {
    const usage = watching(rulesFor(APOLLO, []));
    usage.read(100n, { observedAt: new Date('2026-11-05T08:00:00Z') });
    const state = () => usage.meterState().memories.get('standard:forecast')?.state;
    const before = state();
    expect(before).toMatchObject({ fired: false });
    usage.read(500n, { observedAt: new Date('2026-11-06T08:00:00Z'), isAtLeast: true });
    expect(state()).toBe(before);
    expect(usage.reasons()['standard:forecast']).toBe('lower bound');
    usage.read(500n, { observedAt: new Date('2026-12-06T08:00:00Z'), period: december, isAtLeast: true });
    expect(state()).toBeNull();
  });

  test('has no row in an export, and the next measured figure has all that was used since the one before', () => {
    const count = countConsumption(APOLLO, { timeZone: 'UTC' });
    const said: readonly Said[] = [
      ['11-05T08:00', 100n],
      ['11-06T08:00', 800n, 'at least'],
      ['11-07T08:00', 850n],
      ['12-05T08:00', 500n, 'at least'],
      ['12-06T08:00', 520n],
    ];
    const rows = [...said.flatMap((one) => count.add(readingOf(one))), ...count.end()];
    expect(rows.map(({ consumed, used }) => [consumed, used])).toEqual([
      [0n, 100n],
      [750n, 850n],
      [520n, 520n],
    ]);
  });
});
