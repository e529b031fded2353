/** A recorded time further ahead than this was written before the clock was set back. The clocks of processes differ by less. */
export const AHEAD_MS = 60_000;

/** Whether a recorded time was written before the clock was set back. */
export function isAhead(doneAt: Date, now: Date): boolean {
  return doneAt.getTime() - now.getTime() > AHEAD_MS;
}

/**
 * Returns the stored instant, or now if a correct clock cannot have stored it.
 *
 * @param longestMs see LONGEST_WAIT_MS
 */
export function holdsUntil(stored: Date, now: Date, longestMs: number): Date {
  return stored.getTime() - now.getTime() > longestMs ? now : stored;
}
