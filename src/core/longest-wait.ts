import { LONGEST_PAUSE_MS } from './delivery.ts';
import { DAY_MS } from './local-time.ts';
import type { TimerKind } from './timer.ts';

const MINUTE_MS = 60_000;

/**
 * The longest that each kind of stored instant can lie ahead when the clock has told the truth. What lies further ahead was stored
 * by a clock that has been set back since, and would hold back what it is about for as long as that clock was ahead.
 */
export const LONGEST_WAIT_MS = {
  /** The slowest pace is one message in two seconds. */
  pace: 5_000,
  pause: LONGEST_PAUSE_MS,
  /** A minute and a tenth. */
  retry: 70_000,
  /** From Friday evening to Monday morning, in the week that clocks are put back. */
  quietHours: 3 * DAY_MS,
  /** Ten seconds, and as much again as clocks of processes may differ: a lease that is alive must not be taken for an old one. */
  lease: 30_000,
  pollLease: 75_000,
} as const;

/** A clock this far behind that of the last poll was set back: clocks of processes differ by less. */
export const POLLED_AHEAD_MS = MINUTE_MS;

/**
 * The same for timers. Null: what it waits for is an instant of its own and not a wait (the end of a period, of a snooze, of what
 * is kept of an installation), or it is worked out again whenever it rings.
 */
export const LONGEST_TIMER_MS: Readonly<Record<TimerKind, number | null>> = {
  silence: null,
  /** A day, and the weekend. */
  repeat: 5 * DAY_MS,
  'snooze-end': null,
  present: 5 * MINUTE_MS,
  failover: 5 * MINUTE_MS,
  closing: 15 * MINUTE_MS,
  digest: 8 * DAY_MS,
  'paste-reminder': 8 * DAY_MS,
  mended: 5 * MINUTE_MS,
  unsaid: 15 * MINUTE_MS,
  purge: null,
};

/**
 * Until when a stored instant holds back: until then, or not at all when no true clock can have stored it.
 *
 * @param longestMs see LONGEST_WAIT_MS
 */
export function holdsUntil(stored: Date, now: Date, longestMs: number): Date {
  return stored.getTime() - now.getTime() > longestMs ? now : stored;
}
