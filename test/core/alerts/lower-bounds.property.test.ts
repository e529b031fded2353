import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countConsumption } from '../../../src/core/meters/export.ts';
import { daysOf } from '../../../src/core/meters/history.ts';
import { thinReadings } from '../../../src/core/meters/thin-readings.ts';
import type { Reading } from '../../../src/core/meters/reading.ts';
import { APOLLO, november, thresholds, watching } from '../../support/watching.ts';

const LEVELS = thresholds(['50%', '80%', '90%', '100%']);
const HOUR = 3_600_000;

/** Truthful figures: usage that only grows in one period, and bounds that are at most what was used. */
const truthful = fc
  .array(
    fc.record({
      grows: fc.bigInt(0n, 150n),
      hours: fc.integer({ min: 1, max: 30 }),
      atLeast: fc.option(fc.bigInt(0n, 100n), { nil: null }),
    }),
    {
      minLength: 1,
      maxLength: 15,
    },
  )
  .map((steps) => {
    let [used, at] = [1n, november.start.getTime() + 25 * HOUR];
    return steps.map(({ grows, hours, atLeast }) => {
      used += grows;
      at += hours * HOUR;
      const seen = { total: 1000n, observedAt: new Date(at), period: november };
      const reading: Reading = atLeast === null ? { used, ...seen } : { used: (used * atLeast) / 100n, isAtLeast: true, ...seen };
      return { reading, truth: used };
    });
  });

test('truthful bounds never show more than the truth, fire no level twice or before it is reached, and leave the consumption alone', () => {
  fc.assert(
    fc.property(truthful, (steps) => {
      const usage = watching(LEVELS);
      const measured = watching(LEVELS);
      const levels = new Set<string>();
      let shown = 0n;
      for (const { reading, truth } of steps) {
        const { used, ...rest } = reading;
        const fired = usage.read(used, rest).flatMap((text) => text.split(' ').slice(1));
        for (const condition of fired) {
          expect(levels.has(condition)).toBe(false);
          levels.add(condition);
          expect(truth * 100n >= BigInt(condition.replace(/\D/g, '')) * 1000n).toBe(true);
        }
        if (!reading.isAtLeast) measured.read(used, rest);
        const now = usage.meterState().current?.reading.used ?? 0n;
        expect(now <= truth && now >= shown).toBe(true);
        shown = now;
      }
      const [all, exact] = [usage.meterState().history, measured.meterState().history];
      expect(all?.consumed ?? 0n).toBe(exact?.consumed ?? 0n);
      expect(all ? daysOf(all) : []).toEqual(exact ? daysOf(exact) : []);
    }),
  );
});

test('thinning removes no bound, and none of the readings that measure what was used around it', () => {
  fc.assert(
    fc.property(truthful, (steps) => {
      const readings = steps.map(({ reading }) => reading);
      const removed = thinReadings([], readings, { resets: true, timeZone: 'UTC' });
      const consumedOf = (all: readonly Reading[]) => {
        const count = countConsumption(APOLLO, { timeZone: 'UTC' });
        return [...all.flatMap((one) => count.add(one)), ...count.end()].map(({ day, consumed, used }) => [day, consumed, used]);
      };
      expect(removed.filter(({ isAtLeast }) => isAtLeast)).toEqual([]);
      expect(consumedOf(readings.filter((one) => !removed.includes(one)))).toEqual(consumedOf(readings));
    }),
  );
});
