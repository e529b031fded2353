import type { Reading } from './reading.ts';
import { followReading, type FollowContext, type Followed, type CurrentReading } from './follow-reading.ts';

/**
 * Returns the final reading of a period: the last one that counts, or the last one before its counter was reset early.
 *
 * @param readings the last readings of that period, oldest first
 * @returns null if there are none
 */
export function finalReading(readings: readonly Reading[], { resets }: Pick<FollowContext, 'resets'>): Reading | null {
  let current: CurrentReading | null = null;
  let closed: Reading | null = null;
  for (const reading of readings) {
    const followed: Followed = followReading(current, reading, { resets, judgesFrom: null });
    closed = followed.transitions.find(({ change }) => change === 'reset')?.previous ?? closed;
    current = followed.current;
  }
  return closed ?? current?.reading ?? null;
}
