import { describe, expect, test } from 'vitest';
import { nextStep } from '../../src/core/delivery.ts';

describe('the next attempt of a delivery that was not taken', () => {
  const now = new Date('2026-11-24T08:00:00Z');
  const inMs = (attempts: number, jitter: number, afterMs?: number) => {
    const step = nextStep(
      { outcome: 'retry', reason: '500', ...(afterMs !== undefined && { afterMs }) },
      { attempts, unknowns: 0, firstAttemptAt: now, repeatable: false },
      now,
      jitter,
    );
    return step.status === 'pending' ? step.dueAt.getTime() - now.getTime() : step.status;
  };

  test.each([
    [1, 1_000, 1_100],
    [2, 2_000, 2_200],
    [3, 5_000, 5_500],
    [4, 15_000, 16_500],
    [5, 30_000, 33_000],
    [6, 60_000, 66_000],
    [1_000, 60_000, 66_000],
  ])(
    'after attempt %i comes after %i ms or up to a tenth later, so that destinations that failed together do not return together',
    (attempts, soonest, latest) => {
      expect([inMs(attempts, 0), inMs(attempts, 0.5), inMs(attempts, 0.999999)]).toEqual([soonest, (soonest + latest) / 2, latest]);
    },
  );

  test('is never sooner than the platform asks', () => {
    expect(inMs(1, 0.999, 7_000)).toBe(7_000);
    expect(inMs(5, 0.5, 7_000)).toBe(31_500);
  });
});
