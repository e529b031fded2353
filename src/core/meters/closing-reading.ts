import type { Reading } from './reading.ts';
import { follow, type FollowContext, type Followed, type MeterStanding } from './sequence.ts';

/**
 * The figure with which a period closed: the last one of it that counts, or the last before its counter was reset early.
 *
 * @param readings the last ones of that period, oldest first
 * @returns null without any
 */
export function closingReading(readings: readonly Reading[], { resets }: Pick<FollowContext, 'resets'>): Reading | null {
  let standing: MeterStanding | null = null;
  let closed: Reading | null = null;
  for (const reading of readings) {
    const followed: Followed = follow(standing, reading, { resets, judgesFrom: null });
    closed = followed.transitions.find(({ change }) => change === 'reset')?.previous ?? closed;
    standing = followed.standing;
  }
  return closed ?? standing?.reading ?? null;
}
