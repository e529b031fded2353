import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { december, thresholds, watching, type Watching } from '../../support/watching.ts';
import { slackUser } from '../../support/people.ts';

/** Used, what else differs, and what is said of it. */
type Step = readonly [used: bigint, said: string | null, overrides?: Partial<Reading>];

function walk(usage: Watching, steps: readonly Step[]): void {
  for (const [used, said, overrides] of steps)
    expect([used, ...usage.read(used, overrides)]).toEqual(said === null ? [used] : [used, said]);
}

describe('a level fires once, inclusively', () => {
  test.each<[string, readonly unknown[], readonly Step[]]>([
    [
      'a share of what is used',
      ['80%'],
      [
        [799n, null],
        [800n, 'fired used:80%'],
        [801n, null],
      ],
    ],
    [
      'a share with a tenth',
      ['99.5%'],
      [
        [994n, null],
        [995n, 'fired used:99.5%'],
      ],
    ],
    [
      'a share beyond all of it',
      ['120%'],
      [
        [1199n, null],
        [1200n, 'fired used:120%'],
      ],
    ],
    [
      'an amount used',
      [500],
      [
        [499n, null],
        [500n, 'fired used:500'],
      ],
    ],
    [
      'an amount that was written with its unit of thousands',
      ['1250'],
      [
        [1249n, null],
        [1250n, 'fired used:1250'],
      ],
    ],
    [
      'a share of what remains',
      [{ remaining: '20%' }],
      [
        [799n, null],
        [800n, 'fired remaining:20%'],
      ],
    ],
    [
      'an amount that remains',
      [{ remaining: 150 }],
      [
        [849n, null],
        [850n, 'fired remaining:150'],
      ],
    ],
    [
      'nothing that remains',
      [{ remaining: 0, severity: 'critical' }],
      [
        [999n, null],
        [1000n, 'fired remaining:0'],
      ],
    ],
  ])('%s', (_what, levels, steps) => {
    const usage = watching(thresholds(levels));
    usage.read(1n);
    walk(usage, steps);
  });

  test('a jump names all that were passed, the worst last', () => {
    const usage = watching(thresholds(['100%', '50%', { remaining: '10%' }, '80%']));
    walk(usage, [
      [10n, null],
      [1000n, 'fired used:50% used:80% remaining:10% used:100%'],
    ]);
  });
});

describe('a level arms again', () => {
  test.each<[string, readonly unknown[], readonly Step[]]>([
    [
      'below itself minus 5 points, not on that line',
      ['80%'],
      [
        [800n, 'fired used:80%'],
        [750n, null],
        [800n, null],
        [749n, 'recovered'],
        [800n, 'fired used:80%'],
      ],
    ],
    [
      'exactly on its own line it is still firing',
      ['80%'],
      [
        [900n, 'fired used:80%'],
        [800n, null],
      ],
    ],
    [
      'of what remains, above itself plus 5 points',
      [{ remaining: '20%' }],
      [
        [800n, 'fired remaining:20%'],
        [750n, null],
        [749n, 'recovered'],
      ],
    ],
    [
      'an amount, below 95% of itself',
      [500],
      [
        [500n, 'fired used:500'],
        [475n, null],
        [474n, 'recovered'],
        [500n, 'fired used:500'],
      ],
    ],
    [
      'an amount that remains, above 105% of itself',
      [{ remaining: 200 }],
      [
        [800n, 'fired remaining:200'],
        [790n, null],
        [789n, 'recovered'],
      ],
    ],
    [
      'at 0 of 0 nothing runs out any more',
      ['80%'],
      [
        [800n, 'fired used:80%'],
        [0n, null, { total: 0n, period: december, observedAt: new Date('2026-12-01T01:00:00Z') }],
      ],
    ],
    [
      'when it becomes unlimited',
      ['80%'],
      [
        [800n, 'fired used:80%'],
        [801n, null, { total: null }],
      ],
    ],
  ])('%s', (_what, levels, steps) => {
    const usage = watching(thresholds(levels));
    usage.read(1n);
    walk(usage, steps);
  });
});

describe('a change of the total', () => {
  test('a plan cut that pushes usage over a level fires, and says why', () => {
    const usage = watching();
    walk(usage, [
      [100n, null],
      [500n, null],
      [500n, 'fired used:80%', { total: 600n }],
    ]);
    expect(usage.message()).toBe(`🟠 Apollo Contacts reached 80%
500 / 600 credits used · 100 left
The total was cut by 400. Reset in 30 days (1 Dec). At 100%, contact enrichment through Apollo may pause. As of 03:00.`);
  });

  test('a top-up that leaves one of two levels says so where the alert stands, and recovers once it leaves the other too', () => {
    const usage = watching();
    walk(usage, [
      [100n, null],
      [1000n, 'fired used:80% used:100%'],
      [1000n, 'eased used:80%', { total: 1150n }],
    ]);
    expect(usage.said.at(-1)?.alert.severity).toBe('warning');
    expect(usage.message()).toBe(`🟠 Apollo Contacts is back at 86%
1,000 / 1,150 credits used · 150 left
Topped up by 150. Reset in 30 days (1 Dec). At 100%, contact enrichment through Apollo may pause. As of 03:00.`);
    walk(usage, [[1000n, 'recovered', { total: 2500n }]]);
    expect(usage.message()).toBe('✅ Apollo Contacts is fine again: 40%\n1,000 / 2,500 credits used · 1,500 left · was over for 2 h');
    expect(usage.message({ place: 'reply', mentions: [slackUser('anna'), slackUser('tom')] })).toBe('Topped up by 1,350. cc @anna @tom');
    expect(usage.message({ place: 'reply' })).toBe('Topped up by 1,350.');
  });

  test('a worse level after an eased one is a new message', () => {
    const usage = watching();
    walk(usage, [
      [1000n, 'fired used:80% used:100%'],
      [1000n, 'eased used:80%', { total: 1150n }],
      [1150n, 'worsened used:100%', { total: 1150n }],
    ]);
  });

  test('what is used of nothing is over, critical, and fine again when something is included', () => {
    const usage = watching();
    walk(usage, [
      [0n, null, { total: 0n }],
      [5n, 'fired over', { total: 0n }],
      [6n, null, { total: 0n }],
      [6n, 'recovered'],
    ]);
    expect(usage.said[0]?.alert.severity).toBe('critical');
    expect(usage.message({ place: 'reply' })).toBe('Topped up by 1,000.');
  });

  test('nothing left of a balance whose total nobody knows is critical at its first reading, until something is bought', () => {
    const usage = watching();
    walk(usage, [
      [0n, 'fired over', { total: 0n, isTotalUnknown: true }],
      [0n, null, { total: 0n, isTotalUnknown: true }],
      [0n, 'recovered', { total: 500n }],
    ]);
    expect(usage.said[0]?.alert.severity).toBe('critical');
  });

  test('of a total that is not known, shares and amounts used are not judged, what is left is, and nothing left is used up', () => {
    const left = { total: 1000n, isTotalUnknown: true };
    const usage = watching(thresholds(['80%', 500, { remaining: 100 }]));
    walk(usage, [
      [0n, null, left],
      [850n, null, left],
      [900n, 'fired remaining:100', left],
    ]);
    expect(usage.reasons()).toEqual({ 'rule:threshold': expect.stringContaining('the total is not known: no percentage') });
    walk(usage, [[1000n, 'worsened over', left]]);
    expect(usage.said.at(-1)?.alert.severity).toBe('critical');
  });

  test('a total that becomes known is measured at once, and no purchase', () => {
    const usage = watching();
    walk(usage, [
      [0n, null, { total: 200n, isTotalUnknown: true }],
      [850n, 'fired used:80%', { total: 1000n }],
    ]);
    expect(usage.said.at(-1)?.cause).toBeNull();
  });

  test('of nothing, the levels themselves are skipped and say so', () => {
    const usage = watching(thresholds(['80%']));
    usage.read(5n, { total: null });
    expect(usage.reasons()).toEqual({ 'rule:threshold': 'unlimited: no percentage' });
    usage.read(0n, { total: 0n, period: december, observedAt: new Date('2026-12-01T01:00:00Z') });
    usage.read(0n, { total: 0n, period: december, observedAt: new Date('2026-12-01T02:00:00Z') });
    expect(usage.reasons()).toEqual({ 'rule:threshold': 'a total of 0 has no percentage' });
  });
});

describe('a correction', () => {
  test('that takes usage below the line ends the alert as a recovery, with the correction as its reason', () => {
    const usage = watching();
    walk(usage, [
      [100n, null],
      [850n, 'fired used:80%'],
      [700n, 'recovered'],
    ]);
    expect(usage.message({ place: 'reply' })).toBe('The figures were corrected: 150 less used.');
  });

  test('within the hysteresis says nothing, and the level does not fire twice', () => {
    const usage = watching();
    walk(usage, [
      [100n, null],
      [850n, 'fired used:80%'],
      [760n, null],
      [850n, null],
    ]);
  });
});

test('silent from the start with seed, also where nothing is included', () => {
  const usage = watching(thresholds(['80%'], { firstSight: 'seed' }));
  walk(usage, [
    [5n, null, { total: 0n }],
    [6n, null, { total: 0n }],
  ]);
  expect(usage.alerts.size).toBe(0);
});
