import { LONGEST_PAUSE_MS } from './delivery.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { TimerKind } from './timer.ts';

const MINUTE_MS = 60_000;

/**
 * The longest that each kind of stored instant can be in the future if the clock is right. An instant further ahead was stored by a
 * clock that was set back later, and would delay its work for as long as that clock was ahead.
 */
export const LONGEST_WAIT_MS = {
  /** The slowest pace is one message in two seconds. */
  pace: 5_000,
  pause: LONGEST_PAUSE_MS,
  /** A minute and a tenth. */
  retry: 70_000,
  /** From Friday evening to Monday morning, in the week when clocks are set back. */
  quietHours: 3 * DAY_MS,
  /** Four seconds, and more for a configured one. The clock of the database measures it. */
  lease: 30_000,
  pollLease: 75_000,
} as const;

/** A poll waits for its interval plus 5%, or for as long as a Retry-After of the vendor is respected. */
export const LONGEST_POLL = { intervals: 1.05, orMs: DAY_MS } as const;
/** A source that was never polled waits only for its turn at startup. */
export const LONGEST_FIRST_POLL_MS = 2 * MINUTE_MS;

/**
 * The same for timers. `as-set`: waits of this kind differ, so each is stored with the time it was set, and waits no longer than
 * originally. `looks-again`: the same, but the wait is limited where it is computed (see `putRight`), so the timer runs at once.
 */
export const LONGEST_TIMER_MS: Readonly<Record<TimerKind, number | 'as-set' | 'looks-again'>> = {
  staleness: 'as-set',
  'source-problem': 5 * MINUTE_MS,
  'key-expiry': 'looks-again',
  /** A day and a weekend. */
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
