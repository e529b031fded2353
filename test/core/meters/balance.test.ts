import { describe, expect, test } from 'vitest';
import { causeOf, consumedBetween, type ChangeKind } from '../../../src/core/meters/classify-change.ts';
import { overviewOf } from '../../../src/core/status/overview.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { overviewMessage } from '../../../src/messages/replies/overview.ts';
import { plainMessage } from '../../../src/messages/text/plain.ts';
import { meterNow } from '../../support/read-store.ts';
import { APOLLO, ruleOf, thresholds, watching } from '../../support/watching.ts';
import { changeOf } from '../../support/changes.ts';
import { slackUser } from '../../support/people.ts';

const BALANCE = {
  ...APOLLO,
  key: 'router',
  label: 'Router',
  unit: 'USD',
  decimals: 2,
  consequence: 'Model calls may stop.',
  resets: false,
};
const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour));
const reading = (used: bigint, total: bigint | null, overrides: Partial<Reading> = {}): Reading => ({
  used,
  total,
  observedAt: at(1),
  period: null,
  ...overrides,
});

describe('what lies between two readings of a balance', () => {
  test.each<[string, Reading, Reading, ChangeKind, bigint | null, bigint]>([
    ['consumption', reading(40n, 100n), reading(50n, 100n), 'consumption', null, 10n],
    ['a top-up, by what was bought in all', reading(40n, 100n), reading(45n, 160n), 'top-up', 60n, 5n],
    ['a top-up, of a source that only says what is left: 60, then 160', reading(40n, 100n), reading(0n, 160n), 'top-up', 100n, 0n],
    ['a smaller one: 60 left, then 90, of the 100 once seen', reading(40n, 100n), reading(10n, 100n), 'top-up', 30n, 0n],
    ['use that is taken off the total', reading(0n, 100n), reading(0n, 80n), 'consumption', null, 20n],
    ['use that moves both', reading(40n, 100n), reading(50n, 90n), 'consumption', null, 20n],
    ['a top-up of what is taken off the total', reading(0n, 80n), reading(0n, 180n), 'top-up', 100n, 0n],
    ['a few credits given back', reading(40n, 100n), reading(37n, 100n), 'correction', 3n, -3n],
    ['lifetime figures that were begun anew, with as much left', reading(900n, 1000n), reading(0n, 100n), 'consumption', null, 0n],
    ['lifetime figures that were begun anew, with less left', reading(900n, 1000n), reading(10n, 100n), 'consumption', null, 10n],
    ['lifetime figures that were begun anew, with more left', reading(900n, 1000n), reading(0n, 400n), 'top-up', 300n, 0n],
  ])('%s', (_what, before, after, change, amount, consumed) => {
    expect(changeOf(before, after, false)).toBe(change);
    expect(causeOf(before, after, change)?.amount ?? null).toBe(amount);
    expect(consumedBetween(before, after, change)).toBe(consumed);
  });

  test('is that of an allowance when the reading names its period', () => {
    const period = { start: at(0), end: at(5) };
    expect(
      changeOf(reading(40n, 100n, { period }), reading(1n, 100n, { period: { start: at(5), end: at(9) }, observedAt: at(6) }), false),
    ).toBe('reset');
  });
});

describe('the standard levels of a balance', () => {
  test('are measured against the total until a top-up is seen, then against that: 20% of it left, and nothing left', () => {
    const usage = watching(undefined, { meter: BALANCE });
    expect(usage.read(0n, { total: 10_000n })).toEqual([]);
    expect(usage.read(7_999n, { total: 10_000n })).toEqual([]);
    expect(usage.read(8_000n, { total: 10_000n })).toEqual(['fired used:80%']);
    // 500.00 more: 520.00 left, and 20% of the last top-up is 100.00.
    expect(usage.read(8_000n, { total: 60_000n })).toEqual(['recovered']);
    expect(usage.read(49_999n, { total: 60_000n })).toEqual([]);
    expect(usage.read(50_000n, { total: 60_000n })).toEqual(['fired used:80%']);
    expect(usage.read(59_999n, { total: 60_000n })).toEqual([]);
    expect(usage.read(60_000n, { total: 60_000n })).toEqual(['worsened used:100%']);
  });

  test('a lifetime share says nothing: 97% of all ever bought is fine after a large top-up', () => {
    const usage = watching(undefined, { meter: BALANCE });
    usage.read(95_000n, { total: 96_000n });
    expect(usage.read(95_000n, { total: 98_000n })).toEqual(['recovered']);
    expect(usage.read(96_000n, { total: 98_000n })).toEqual([]);
  });

  test('an edited rule measures against the same top-up as before', () => {
    const usage = watching(thresholds(['80%']), { meter: BALANCE });
    usage.read(8_000n, { total: 10_000n });
    usage.read(8_000n, { total: 60_000n });
    expect(usage.read(40_000n, { total: 60_000n }, thresholds(['70%'], { version: 2 }))).toEqual([]);
    expect(usage.read(45_000n, { total: 60_000n }, thresholds(['70%'], { version: 2 }))).toEqual(['fired used:70%']);
  });

  test('what a source that only says what is left falls to is no presumed reset when it is topped up', () => {
    const usage = watching(undefined, { meter: BALANCE });
    usage.read(0n, { total: 10_000n });
    expect(usage.read(9_000n, { total: 10_000n })).toEqual(['fired used:80%']);
    expect(usage.read(0n, { total: 11_000n })).toEqual(['recovered']);
  });

  test('an amount left is the same for every meter', () => {
    const usage = watching(thresholds([{ remaining: 50 }]), { meter: BALANCE });
    usage.read(0n, { total: 10_000n });
    expect(usage.read(4_999n, { total: 10_000n })).toEqual([]);
    expect(usage.read(5_000n, { total: 10_000n })).toEqual(['fired remaining:50']);
  });
});

describe('how a balance reads', () => {
  test('seen first, reached, used up, topped up', () => {
    const usage = watching(undefined, { meter: BALANCE });
    usage.read(8_700n, { total: 10_000n });
    expect(usage.message()).toBe(`🟠 Router is already down to 13%
87.00 / 100.00 USD used · 13.00 left
When nothing is left, model calls may stop. As of 01:00.`);
    usage.read(8_700n, { total: 20_000n });
    expect(usage.message()).toBe('✅ Router is fine again: 113.00 left\n87.00 / 200.00 USD used · 113.00 left · was over for 1 h');
    expect(usage.message({ place: 'reply', mentions: [slackUser('anna')] })).toBe('Topped up by 100.00. cc @anna');
    usage.read(18_100n, { total: 20_000n });
    expect(usage.message()).toBe(`🟠 Router is down to 20% of its last top-up
181.00 / 200.00 USD used · 19.00 left · last top-up 100.00
When nothing is left, model calls may stop. As of 03:00.`);
    usage.read(20_050n, { total: 20_000n });
    expect(usage.message()).toBe(`🔴 Router is used up
200.50 / 200.00 USD used · 0.50 over · last top-up 100.00
Model calls may stop. As of 04:00.`);
  });

  test('in the overview: what is left instead of a share, no bar, and in the order of what is left of the last top-up', () => {
    const line = (label: string, used: bigint, topUp: bigint | null, total: bigint | null = 10_000n) =>
      meterNow({
        meter: { ...BALANCE, id: label, label },
        reading: reading(used, total),
        history: { consumed: 0n, earlierSamples: [], latestSample: null, earlierDays: [], latestDay: null, topUp, fullest: null },
      });
    const overview = overviewOf(
      [line('A', 9_000n, 1_500n), line('B', 8_900n, 3_000n), line('C', 8_500n, 10_000n), line('D', 5n, null, null)],
      [],
      at(1),
    );
    expect(
      plainMessage(overviewMessage(overview, { subscribeWith: null, invokedAs: '/usage', canShare: false, timeZone: 'UTC' }), {
        timeZone: 'UTC',
        now: at(1),
      }),
    ).toBe(`Credits: 1 of 4 needs attention · as of 01:00
🟠 C  85.00 / 100.00 USD used · 15.00 left
🟢 B  89.00 / 100.00 USD used · 11.00 left
🟢 A  90.00 / 100.00 USD used · 10.00 left
🟢 D  0.05 USD used · unlimited`);
  });
});

describe('the forecast of a balance', () => {
  /** 1.00 a day for ten days, then what is left is read once more. */
  function consumed(total: bigint, rules = [ruleOf({ kind: 'forecast' })]) {
    const usage = watching(rules, { meter: BALANCE });
    const said: string[] = [];
    for (let day = 0; day <= 10; day += 1)
      said.push(...usage.read(BigInt(day) * 100n, { total, observedAt: new Date(Date.UTC(2026, 10, 1 + day)) }));
    return { usage, said };
  }

  test('fires when it runs out within 14 days at two readings in a row, in the words of a balance', () => {
    const { usage, said } = consumed(2_300n);
    expect(said).toEqual(['fired runs-out']);
    expect(usage.message()).toBe(`🟠 Router runs out 24 Nov
10.00 / 23.00 USD used · 13.00 left
You use about 1.00 a day.
When nothing is left, model calls may stop. As of 00:00.`);
  });

  test('15 days are no news, and noticeDays moves the line', () => {
    expect(consumed(2_500n).said).toEqual([]);
    expect(consumed(2_500n, [ruleOf({ kind: 'forecast', noticeDays: 20 })]).said).toEqual(['fired runs-out']);
  });

  test('a top-up that makes it last longer than that is a recovery, though one day it will run out', () => {
    const { usage } = consumed(2_300n);
    expect(usage.read(1_000n, { total: 20_000n, observedAt: new Date('2026-11-11T06:00:00Z') })).toEqual(['recovered']);
    expect(usage.message({ place: 'reply' })).toBe('Topped up by 177.00. At this pace it lasts for more than half a year.');
  });

  test('what lasts for years is not given a day', () => {
    const { usage } = consumed(200_000n, [...thresholds([{ used: 10 }]), ruleOf({ kind: 'forecast' })]);
    expect(usage.message().split('\n')[0]).toBe('🟡 Router reached 10 and should last for more than half a year. Nothing to do.');
  });
});
