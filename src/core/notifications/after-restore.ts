import type { TimerKind } from './timer.ts';

/**
 * What a restore does with a timer whose time has passed since the backup. The installation that kept running has probably run it
 * already, and cannot be asked.
 * - `skip`: nothing is posted
 * - `next`: nothing is posted, and the timer continues: a digest or a warning gets its next time; a snooze ends, or continues if it was
 *   extended
 * - `wait`: it waits for as long as it had left at the backup, whether its time has passed or not
 * - `keep`: it runs at the start, because it changes stored data or posts nothing new
 */
export const afterRestore = {
  digest: 'next',
  'paste-reminder': 'skip',
  renotify: 'skip',
  'snooze-end': 'next',
  'key-expiry': 'next',
  'announce-open-alerts': 'skip',
  'period-statement': 'skip',
  undelivered: 'skip',
  'source-problem': 'skip',
  staleness: 'wait',
  failover: 'keep',
  'destination-recovered': 'keep',
  'rules-changed': 'keep',
  purge: 'keep',
} as const satisfies Record<TimerKind, 'skip' | 'next' | 'wait' | 'keep'>;

/** A source is not reported as stale sooner than this after a restore. */
export const LEAST_WAIT_MS = 60 * 60_000;
