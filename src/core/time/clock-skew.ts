/** Something that was done this far in the future was done before the clock was set back: clocks of processes differ by less. */
export const AHEAD_MS = 60_000;

/** Whether something was done by a clock that has been set back since. */
export function isAhead(doneAt: Date, now: Date): boolean {
  return doneAt.getTime() - now.getTime() > AHEAD_MS;
}

/**
 * Until when a stored instant holds back: until then, or not at all when no true clock can have stored it.
 *
 * @param longestMs see LONGEST_WAIT_MS
 */
export function holdsUntil(stored: Date, now: Date, longestMs: number): Date {
  return stored.getTime() - now.getTime() > longestMs ? now : stored;
}
