import type { TimerKind } from './timer.ts';

/**
 * What a restore does with a timer whose time has passed since the backup. The installation that went on meanwhile has probably said what
 * it was for, and nobody can ask it.
 * - `skip`: nothing is said
 * - `next`: nothing is said, and what follows is done: a digest gets its next time; a snooze is over, or waits on where it was made longer
 * - `wait`: it waits for as long as it still had to wait at the backup, whether its time has passed or not
 * - `keep`: it rings at the start, because it changes what is stored, or says nothing new
 */
export const afterRestore = {
  digest: 'next',
  'paste-reminder': 'skip',
  renotify: 'skip',
  'snooze-end': 'next',
  'announce-open-alerts': 'skip',
  'period-statement': 'skip',
  undelivered: 'skip',
  staleness: 'wait',
  failover: 'keep',
  'destination-recovered': 'keep',
  'rules-changed': 'keep',
  purge: 'keep',
} as const satisfies Record<TimerKind, 'skip' | 'next' | 'wait' | 'keep'>;

/** A source gets at least this long after a restore before it is called silent. */
export const LEAST_WAIT_MS = 60 * 60_000;
