import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateReading, newMeterState, type MeterState } from '../../../src/core/alerts/evaluate.ts';
import { APOLLO, december, november, thresholds, watching } from '../../support/watching.ts';

describe('the standard levels', () => {
  test('79.9% is quiet, exactly 80% fires once, 80.1% does not repeat, 100% is said once more as worse', () => {
    const usage = watching();
    expect(usage.read(100n)).toEqual([]);
    expect(usage.read(799n)).toEqual([]);
    expect(usage.read(800n)).toEqual(['fired used:80%']);
    expect(usage.read(801n)).toEqual([]);
    expect(usage.read(999n)).toEqual([]);
    expect(usage.read(1000n)).toEqual(['worsened used:100%']);
    expect(usage.read(1001n)).toEqual([]);
    expect(usage.alerts.size).toBe(1);
  });

  test('a jump from 10% to 100% is one announcement that names 80 and 100', () => {
    const usage = watching();
    usage.read(100n);
    expect(usage.read(1000n)).toEqual(['fired used:80% used:100%']);
    expect(usage.said[0]?.alert.severity).toBe('critical');
  });

  test('one unit under 80% is quiet and exactly 80% fires, at totals beyond 2^53', () => {
    const total = 2n ** 62n - (2n ** 62n % 10n);
    const usage = watching();
    usage.read(0n, { total });
    expect(usage.read((total / 10n) * 8n - 1n, { total })).toEqual([]);
    expect(usage.read((total / 10n) * 8n, { total })).toEqual(['fired used:80%']);
  });

  test('unlimited and 0 of 0 have no percentage and stay quiet; 5 of 0 is over, which is said once', () => {
    const usage = watching();
    expect(usage.read(5n, { total: null })).toEqual([]);
    expect(usage.read(5n, { total: 0n })).toEqual([]);
    expect(usage.read(6n, { total: 0n })).toEqual(['fired over']);
    expect(usage.read(7n, { total: 0n })).toEqual([]);
    expect(usage.said[0]?.alert.severity).toBe('critical');
    expect(watching().read(0n, { total: 0n })).toEqual([]);
  });
});

describe('the first reading', () => {
  test('already at 93% is said once', () => {
    const usage = watching();
    expect(usage.read(930n)).toEqual(['fired used:80%']);
    expect(usage.said[0]?.findings[0]?.detail).toMatchObject({ firstSight: true });
    expect(usage.read(931n)).toEqual([]);
  });

  test('is used as the baseline with firstSight: seed', () => {
    const usage = watching(thresholds(['80%', '100%'], { firstSight: 'seed' }));
    expect(usage.read(930n)).toEqual([]);
    expect(usage.read(931n)).toEqual([]);
    expect(usage.read(1000n)).toEqual(['fired used:100%']);
  });
});

describe('a late reading', () => {
  test('of an hour ago at 90% fires nothing and moves nothing', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(200n);
    expect(usage.read(900n, { observedAt: new Date('2026-11-01T01:30:00Z') })).toEqual([]);
    expect(usage.read(799n)).toEqual([]);
    expect(usage.read(800n)).toEqual(['fired used:80%']);
  });
});

describe('within a period', () => {
  test('a level arms again below itself minus 5 points, and then fires a second time under another key', () => {
    const usage = watching();
    usage.read(100n);
    expect(usage.read(800n)).toEqual(['fired used:80%']);
    expect(usage.read(750n)).toEqual([]);
    expect(usage.read(800n)).toEqual([]);
    expect(usage.read(749n)).toEqual(['recovered']);
    expect(usage.read(800n)).toEqual(['fired used:80%']);
    expect(usage.firings.map((firing) => firing.occurrence)).toEqual([1, 2]);
  });

  test('a top-up recovers once, for all announced levels together', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(800n);
    usage.read(1000n);
    expect(usage.read(1000n, { total: 2500n })).toEqual(['recovered']);
    expect(usage.read(1001n, { total: 2500n })).toEqual([]);
  });

  test('nothing recovers that was never announced', () => {
    const usage = watching();
    usage.read(700n);
    expect(usage.read(100n)).toEqual([]);
  });
});

describe('a new period', () => {
  test('arms every level, ends the alert quietly, and nothing calls it a recovery', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(1000n);
    const later = { period: december };
    expect(usage.read(5n, { ...later, observedAt: new Date('2026-12-01T00:05:00Z') })).toEqual([]);
    expect([...usage.alerts.values()].map((alert) => alert.resolution)).toEqual(['period-ended']);
    expect(usage.read(800n, { ...later, observedAt: new Date('2026-12-05T00:00:00Z') })).toEqual(['fired used:80%']);
    expect(usage.firings.at(-1)?.periodBeganAt).toEqual(december.start);
  });

  test('that begins over a level is a crossing from 0', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(1000n);
    expect(usage.read(850n, { period: december, observedAt: new Date('2026-12-02T00:00:00Z') })).toEqual(['fired used:80%']);
    expect(usage.said.at(-1)?.findings[0]?.detail).toMatchObject({ firstSight: false });
  });

  test('presumed inside a known period gets a key of its own, so that a level can fire again', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(900n);
    expect(usage.read(10n)).toEqual([]);
    expect(usage.read(12n)).toEqual([]);
    expect(usage.read(13n)).toEqual([]);
    expect(usage.read(900n)).toEqual(['fired used:80%']);
    const keys = usage.firings.map((firing) => `${firing.periodBeganAt.toISOString()} ${firing.condition} ${firing.occurrence}`);
    expect(new Set(keys).size).toBe(2);
  });

  test('a period start that moves is a new period, also without a drop: 80% is said for it', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(850n);
    expect(
      usage.read(900n, {
        observedAt: new Date('2026-11-20T00:00:00Z'),
        period: { start: new Date('2026-11-02T00:00:00Z'), end: november.end },
      }),
    ).toEqual(['fired used:80%']);
  });
});

describe('a reading outside its own period', () => {
  test('decides nothing, and a reset seen in it arms the levels at the next reading', () => {
    const usage = watching();
    usage.read(100n);
    usage.read(850n);
    const stillNovember = { period: november, observedAt: new Date('2026-12-01T00:01:00Z') };
    expect(usage.read(3n, stillNovember)).toEqual([]);
    expect(usage.read(820n, { period: december, observedAt: new Date('2026-12-03T00:00:00Z') })).toEqual(['fired used:80%']);
    expect(usage.firings.at(-1)?.periodBeganAt).toEqual(december.start);
  });

  test('fires when it was observed inside the period, even if that has ended since', () => {
    const usage = watching();
    usage.read(100n);
    expect(usage.read(900n, { observedAt: new Date('2026-11-30T23:59:59Z') })).toEqual(['fired used:80%']);
  });
});

describe('an edited rule', () => {
  test('is armed again under its new version and says where the meter already stands', () => {
    const usage = watching(thresholds(['80%']));
    usage.read(100n);
    usage.read(850n);
    expect(usage.read(851n, {}, thresholds(['70%'], { version: 2 }))).toEqual(['fired used:70%']);
    expect(usage.read(852n, {}, thresholds(['70%'], { version: 2 }))).toEqual([]);
  });

  test('that no longer watches the meter ends its alert without calling it a recovery', () => {
    const usage = watching(thresholds(['80%']));
    usage.read(100n);
    usage.read(850n);
    expect(usage.read(851n, {}, [])).toEqual([]);
    expect([...usage.alerts.values()].map((alert) => alert.resolution)).toEqual(['rule-changed']);
  });
});

describe('levels in amounts and of what remains', () => {
  test('fire inclusively, with the severity they were given', () => {
    const usage = watching(thresholds([500, { remaining: 200, severity: 'critical' }, { remaining: '10%' }]));
    usage.read(1n);
    expect(usage.read(499n)).toEqual([]);
    expect(usage.read(500n)).toEqual(['fired used:500']);
    expect(usage.read(799n)).toEqual([]);
    expect(usage.read(800n)).toEqual(['worsened remaining:200']);
    expect(usage.read(900n)).toEqual(['updated remaining:10%']);
  });

  test('an amount is in the unit, not in the smallest part of a money meter', () => {
    const usage = watching(thresholds([25.5]));
    const money = { total: 10_050n };
    const cents = { ...APOLLO, decimals: 2 };
    const step = (used: bigint, meterState: MeterState, hour: number) =>
      evaluateReading(
        meterState,
        { rules: thresholds([25.5]), timeZone: 'UTC' },
        { used, ...money, observedAt: new Date(november.start.getTime() + hour * 3_600_000), period: november },
        () => 'a',
      );
    const first = step(0n, newMeterState(cents), 1);
    const under = step(2549n, first.meterState, 2);
    expect(under.announcements).toEqual([]);
    expect(step(2550n, under.meterState, 3).announcements).toHaveLength(1);
    expect(usage.said).toEqual([]);
  });
});

test('over any history no level is announced twice without having armed between, none is missed, and recoveries pair with firings', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ used: fc.bigInt({ min: 0n, max: 1200n }), total: fc.constantFrom(1000n, 1000n, 1000n, 2000n) }), {
        maxLength: 60,
      }),
      (history) => {
        const usage = watching();
        for (const { used, total } of history) usage.read(used, { total });
        // What is odd counts once the next answer confirms it.
        for (const { used, total } of history.slice(-1)) usage.read(used, { total });
        const keys = usage.firings.map((firing) => `${firing.periodBeganAt.getTime()} ${firing.condition} ${firing.occurrence}`);
        expect(new Set(keys).size).toBe(keys.length);
        let open = false;
        for (const { change } of usage.said) {
          if (change === 'recovered') {
            expect(open).toBe(true);
            open = false;
          } else {
            open = true;
          }
        }
        const last = history.at(-1);
        const reached = last !== undefined && last.used * 100n >= 80n * last.total;
        const openAlert = [...usage.alerts.values()].some((alert) => alert.status === 'firing');
        if (reached) expect(openAlert).toBe(true);
      },
    ),
  );
});
