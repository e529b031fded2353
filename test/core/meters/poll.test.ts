import { describe, expect, test } from 'vitest';
import { nextPollAt } from '../../../src/core/meters/poll.ts';

describe('the next poll', () => {
  const failed = (passing: boolean, retryAfterMs: number | null = null) => ({ outcome: 'failed' as const, passing, retryAfterMs });
  const now = new Date('2026-11-24T08:00:00Z');
  const inMs = (outcome: Parameters<typeof nextPollAt>[0], { everyMs = 60_000, leastGapMs = 1, failures = 1, random = 0.5 } = {}) =>
    nextPollAt(outcome, { everyMs, leastGapMs }, { failures, now, random }).getTime() - now.getTime();

  test('comes a twentieth early or late, so that sources do not come in step', () => {
    expect([0, 0.5, 0.999].map((random) => inMs({ outcome: 'understood' }, { random }))).toEqual([57_000, 60_000, 62_994]);
  });

  test('is never sooner than the vendor allows: five a minute, twelve seconds', () => {
    expect(inMs({ outcome: 'understood' }, { everyMs: 12_000, leastGapMs: 12_000, random: 0 })).toBe(12_000);
    expect(inMs(failed(true), { everyMs: 10_000, leastGapMs: 12_000, random: 0 })).toBe(12_000);
  });

  test('waits as long as the vendor asks, and a day at the most', () => {
    expect(inMs(failed(true, 600_000))).toBe(600_000);
    expect(inMs(failed(true, 10 ** 12))).toBe(24 * 60 * 60_000);
    expect(inMs(failed(true, 5))).toBe(30_000);
  });

  test.each([
    ['the first retry', 1, [28_500, 30_000, 31_497]],
    ['the third, four times as late', 3, [114_000, 120_000, 125_988]],
    ['a late one, as late as the interval', 9, [855_000, 900_000, 944_910]],
  ])('after what will pass comes a twentieth early or late too: %s', (_, failures, expected) => {
    expect([0, 0.5, 0.999].map((random) => inMs(failed(true), { everyMs: 900_000, failures, random }))).toEqual(expected);
  });

  test('does not overflow after years of failures', () => {
    expect(inMs(failed(true), { failures: 100_000, everyMs: 7 * 24 * 60 * 60_000 })).toBe(7 * 24 * 60 * 60_000);
  });
});
