import { describe, expect, test } from 'vitest';
import { ruleKinds } from '../../../src/core/rules/registry.ts';
import { APOLLO, december, november, ruleOf, watching, type Watching } from '../../support/watching.ts';

const midnight = (day: number) => new Date(Date.UTC(2026, 10, day));

/** One reading at midnight of each day of November up to `last`, consuming the same every day. */
function live(usage: Watching, perDay: bigint, last: number, total: bigint | null = 10_000n): readonly string[] {
  const said: string[] = [];
  for (let day = 1; day <= last; day += 1)
    said.push(
      ...usage
        .read(perDay * BigInt(day - 1), { observedAt: midnight(day), period: november, total })
        .map((one) => `${String(day)} Nov: ${one}`),
    );
  return said;
}

const standard = () => watching([ruleOf({ kind: 'under-use' })]);

describe('a period of which much goes unused', () => {
  test.each<[string, bigint, number, readonly string[]]>([
    ['8 days before its end it is too early', 100n, 23, []],
    ['7 days before its end it is said, once', 100n, 30, ['24 Nov: fired unused']],
    ['exactly half unused is said', 166n, 30, ['24 Nov: fired unused']],
    ['a little less than half is not', 167n, 30, []],
    ['nothing used at all is said', 0n, 30, ['24 Nov: fired unused']],
  ])('%s', (_what, perDay, last, said) => {
    // 30 days of 166 are 4,980 of 10,000, of 167 they are 5,010.
    expect(live(standard(), perDay, last)).toEqual(said);
  });

  test('its days and its share can be set', () => {
    expect(live(watching([ruleOf({ kind: 'under-use', days: 14, share: '90%' })]), 33n, 30)).toEqual(['17 Nov: fired unused']);
    expect(live(watching([ruleOf({ kind: 'under-use', days: 14, share: '90%' })]), 34n, 30)).toEqual([]);
  });

  test('what is used after all ends it quietly, and it is not said twice in a period', () => {
    const usage = standard();
    live(usage, 100n, 24);
    expect(usage.read(9_000n, { observedAt: midnight(26), period: november, total: 10_000n })).toEqual([]);
    expect([...usage.alerts.values()].map(({ status, resolution }) => [status, resolution])).toEqual([['resolved', 'lapsed']]);
    expect(usage.read(9_000n, { observedAt: midnight(29), period: november, total: 40_000n })).toEqual([]);
  });

  test('a new period ends it, and is looked at anew, also where nothing is ever used', () => {
    const usage = standard();
    live(usage, 0n, 30);
    const inDecember = (day: number) => usage.read(0n, { observedAt: new Date(Date.UTC(2026, 11, day)), period: december, total: 10_000n });
    expect(inDecember(1)).toEqual([]);
    expect([...usage.alerts.values()].map(({ status }) => status)).toEqual(['resolved']);
    for (let day = 2; day <= 24; day += 1) expect(inDecember(day)).toEqual([]);
    expect(inDecember(25)).toEqual(['fired unused']);
    expect(usage.firings.map(({ periodBeganAt, occurrence }) => [periodBeganAt, occurrence])).toEqual([
      [november.start, 1],
      [december.start, 1],
    ]);
  });

  test('a reset ends it without a word', () => {
    const usage = standard();
    live(usage, 100n, 30);
    expect(usage.read(5n, { observedAt: new Date('2026-12-01T01:00:00Z'), period: december, total: 10_000n })).toEqual([]);
    expect([...usage.alerts.values()].map(({ status, resolution }) => [status, resolution])).toEqual([['resolved', 'period-ended']]);
  });
});

test.each<[string, () => Watching, string]>([
  [
    'unlimited',
    () => {
      const usage = standard();
      live(usage, 10n, 27, null);
      return usage;
    },
    'no allowance that ends',
  ],
  [
    'nothing included',
    () => {
      const usage = standard();
      live(usage, 0n, 27, 0n);
      return usage;
    },
    'no allowance that ends',
  ],
  [
    'a balance',
    () => {
      const usage = watching([ruleOf({ kind: 'under-use' })], { meter: { ...APOLLO, resets: false } });
      usage.read(1n);
      return usage;
    },
    'no allowance that ends',
  ],
  [
    'two days of figures',
    () => {
      const usage = standard();
      usage.read(1n, { observedAt: midnight(25) });
      usage.read(2n, { observedAt: midnight(27) });
      return usage;
    },
    'too little history',
  ],
  [
    'what runs out before its end',
    () => {
      const usage = standard();
      live(usage, 380n, 26);
      return usage;
    },
    'enough of it will be used',
  ],
])('%s is not said to go unused, for a reason', (_what, lived, reason) => {
  const usage = lived();
  expect(usage.said).toEqual([]);
  expect(usage.reasons()).toEqual({ 'rule:under-use': reason });
});

test.each([{ days: 0 }, { days: 91 }, { share: '100%' }, { share: '0.9%' }, { share: 5000 }, { share: 'half' }])(
  '%j is refused',
  (written) => {
    expect(ruleKinds['under-use']?.written.safeParse(written).success).toBe(false);
  },
);

test('no meter gets it unasked', () => {
  expect(ruleKinds['under-use']?.standard).toBeNull();
});
