import { LONGEST_PAUSE_MS } from './delivery.ts';
import { DAY_MS } from '../time/local-time.ts';
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

/** A poll waits for its interval, a twentieth more, or as long as a vendor may ask for patience. */
export const LONGEST_POLL = { intervals: 1.05, orMs: DAY_MS } as const;
/** A source that was never polled only waits for its turn among the others. */
export const LONGEST_FIRST_POLL_MS = 2 * MINUTE_MS;

/**
 * The same for timers. `as-set`: waits of this kind differ, so each is kept with the moment at which it was set, and waits no
 * longer than it was to wait then. `looks-again`: the same, but what it waits for is bounded where it is worked out (see
 * `putRight`), and so it rings at once.
 */
export const LONGEST_TIMER_MS: Readonly<Record<TimerKind, number | 'as-set' | 'looks-again'>> = {
  staleness: 'as-set',
  /** A day, and the weekend. */
  renotify: 5 * DAY_MS,
  'snooze-end': 'looks-again',
  'announce-open-alerts': 5 * MINUTE_MS,
  failover: 5 * MINUTE_MS,
  'period-statement': 15 * MINUTE_MS,
  digest: 8 * DAY_MS,
  'paste-reminder': 8 * DAY_MS,
  'destination-recovered': 5 * MINUTE_MS,
  undelivered: 15 * MINUTE_MS,
  'rules-changed': 5 * MINUTE_MS,
  purge: 'as-set',
};
