import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeReading } from '../../../src/core/meters/complete-reading.ts';
import { draftReading, type Reading } from '../../../src/core/meters/reading.ts';
import { ruleOf, watching, APOLLO } from '../../support/watching.ts';

/**
 * Vendors of prepaid credits report the same purse in different ways. Whatever they move, people hear of it in time: that is
 * checked against the purse itself.
 */

const BALANCE = { ...APOLLO, key: 'router', label: 'Router', resets: false };
const START = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;

/** What is true: all that was bought, and all that was used. */
type Purse = { readonly bought: bigint; readonly used: bigint };

type Said = { readonly used?: string; readonly total?: string; readonly remaining?: string };

const VENDORS = {
  'says only what is left': ({ bought, used }) => ({ remaining: String(bought - used) }),
  'says what was used and bought in all': ({ bought, used }) => ({ used: String(used), total: String(bought) }),
  'says what was used, bought and is left': ({ bought, used }) => ({
    used: String(used),
    total: String(bought),
    remaining: String(bought - used),
  }),
  'takes what is used off the total': ({ bought, used }) => ({ used: '0', total: String(bought - used) }),
  'says what is left, and of how much': ({ bought, used }) => ({ remaining: String(bought - used), total: String(bought) }),
  'begins its figures anew when it is topped up': ({ bought, used }, before) => ({
    used: String(used - before.used),
    total: String(bought - before.used),
  }),
  'moves both: use is booked off the total at times': ({ bought, used }) => {
    const booked = used - (used % 7n);
    return { used: String(used - booked), total: String(bought - booked) };
  },
} satisfies Record<string, (now: Purse, atLastTopUp: Purse) => Said>;

type Vendor = keyof typeof VENDORS;

/** Feeds a vendor's figures through the very steps of a push, and returns what was said of each. */
function reporting(vendor: Vendor, rules?: Parameters<typeof watching>[0]) {
  const usage = watching(rules, { meter: BALANCE });
  let last: Reading | null = null;
  let hour = 0;
  return {
    usage,
    say: (now: Purse, atLastTopUp: Purse, afterHours = 1): readonly string[] => {
      hour += afterHours;
      const observedAt = new Date(START + hour * HOUR);
      const raw = { meter: 'router', observedAt: observedAt.toISOString(), ...VENDORS[vendor](now, atLastTopUp) };
      const draft = draftReading(raw, observedAt);
      if (!draft.ok) throw new Error(draft.error.code);
      const reading = completeReading(draft.value, {
        decimals: 0,
        cuts: false,
        lastTotal: last?.total,
        statedTotal: null,
        periodSpec: { every: 'none', day: 1 },
        timeZone: 'UTC',
      });
      if (!reading.ok) throw new Error(reading.error.code);
      last = reading.value;
      return usage.read(reading.value.used, reading.value);
    },
  };
}

const vendors = Object.keys(VENDORS).filter((name): name is Vendor => name in VENDORS);

describe.each(vendors)('a vendor that %s', (vendor) => {
  test('is said to be down to 20% of what there was, used up, topped up, and down to 20% of the top-up', () => {
    const { say } = reporting(vendor);
    const first = { bought: 1000n, used: 0n };
    const topped = { bought: 1500n, used: 1000n };
    expect(say(first, first)).toEqual([]);
    expect(say({ bought: 1000n, used: 500n }, first)).toEqual([]);
    expect(say({ bought: 1000n, used: 799n }, first)).toEqual([]);
    expect(say({ bought: 1000n, used: 800n }, first)).toEqual(['fired used:80%']);
    expect(say({ bought: 1000n, used: 900n }, first)).toEqual([]);
    expect(say({ bought: 1000n, used: 1000n }, first)).toEqual(['worsened used:100%']);
    expect(say(topped, topped)).toEqual(['recovered']);
    expect(say({ bought: 1500n, used: 1399n }, topped)).toEqual([]);
    expect(say({ bought: 1500n, used: 1400n }, topped)).toEqual(['fired used:80%']);
    expect(say({ bought: 1500n, used: 1500n }, topped)).toEqual(['worsened used:100%']);
  });

  test('runs out within 14 days: said at the second reading that shows it, and once', () => {
    const { say } = reporting(vendor, [ruleOf({ kind: 'forecast' })]);
    const first = { bought: 2000n, used: 0n };
    const said = Array.from({ length: 16 }, (_, day) => say({ bought: 2000n, used: BigInt(day) * 100n }, first, 24));
    // 100 a day: on the sixth day there are 14 days left.
    expect(said.map((one, day) => [day, ...one]).filter((one) => one.length > 1)).toEqual([[7, 'fired runs-out']]);
  });

  test('random use and top-ups: said no later than at 20% of the last top-up, once until it is topped up, and never far above', () => {
    const move = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('use' as const), perMille: fc.integer({ min: 1, max: 400 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('top-up' as const), perMille: fc.integer({ min: 200, max: 3000 }) }) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1_000_000 }), fc.array(move, { minLength: 1, maxLength: 40 }), (start, moves) => {
        const { say } = reporting(vendor);
        let now: Purse = { bought: BigInt(start), used: 0n };
        let atTopUp = now;
        let lastTopUp = now.bought;
        let warned = false;
        say(now, atTopUp);
        for (const { kind, perMille } of moves) {
          const left = now.bought - now.used;
          const amount = kind === 'use' ? (left * BigInt(perMille) + 999n) / 1000n : (lastTopUp * BigInt(perMille)) / 1000n;
          if (kind === 'use') now = { ...now, used: now.used + amount };
          else {
            now = { ...now, bought: now.bought + amount };
            atTopUp = now;
            lastTopUp = amount;
          }
          const said = say(now, atTopUp);
          const low = (now.bought - now.used) * 5n <= lastTopUp;
          const fired = said.some((one) => one.includes('used:80%'));
          const recovered = said.includes('recovered');
          // Twice below the line without a recovery between is a level said twice.
          expect(fired && warned && !recovered).toBe(false);
          if (recovered) warned = false;
          if (fired) warned = true;
          if (low) expect(warned).toBe(true);
          else if (fired) throw new Error(`too early: ${String(now.bought - now.used)} left of ${String(lastTopUp)}`);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('credits given back are no top-up: what is left is measured against what was bought', () => {
  const { usage, say } = reporting('says only what is left');
  const first = { bought: 1000n, used: 0n };
  say(first, first);
  say({ bought: 1000n, used: 700n }, first);
  expect(say({ bought: 1000n, used: 699n }, first)).toEqual([]);
  expect(usage.meterState().history?.consumed).toBe(699n);
  expect(say({ bought: 1000n, used: 800n }, first)).toEqual(['fired used:80%']);
});

test('what ran as an allowance until somebody said that it never resets is measured against what is left of it then', () => {
  const usage = watching(undefined, { meter: BALANCE });
  const allowance = watching(undefined, { meter: { ...BALANCE, resets: true } });
  expect(allowance.read(0n, { total: 1000n, period: null })).toEqual([]);
  expect(allowance.read(0n, { total: 600n, period: null })).toEqual([]);
  expect(allowance.meterState().history?.fullest).toBe(1000n);
  expect(usage.read(0n, { total: 600n })).toEqual([]);
});
