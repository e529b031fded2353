/**
 * The kinds of timers. Due times are stored in the database, and each timer runs once, in whichever process claims it.
 * - `staleness`: checks whether the source is stale
 * - `source-problem`: the answers of the source no longer mean what they meant, or do so again; operations are told
 * - `key-expiry`: the key of the source expires soon
 * - `renotify`: the reminder of an unacknowledged critical alert
 * - `snooze-end`: of the meter
 * - `announce-open-alerts`: the route is new, or its destination works again
 * - `failover`: the destination is disabled; its pending deliveries move to operations
 * - `period-statement`: of the source's ended period
 * - `digest`: of the route
 * - `paste-reminder`: before the route's digest
 * - `destination-recovered`: a delivery to a disabled destination succeeded
 * - `undelivered`: a delivery on the platform ended undelivered; operations are notified
 * - `rules-changed`: the rules of the account changed, and the meter has an open alert
 * - `purge`: the app was removed from the platform
 */
export const timerKinds = [
  'staleness',
  'source-problem',
  'key-expiry',
  'renotify',
  'snooze-end',
  'announce-open-alerts',
  'failover',
  'period-statement',
  'digest',
  'paste-reminder',
  'destination-recovered',
  'undelivered',
  'rules-changed',
  'purge',
] as const;
export type TimerKind = (typeof timerKinds)[number];

/** How long the data of a removed installation is kept, so that an accidental removal loses nothing. */
export const PURGE_AFTER_MS = 30 * 24 * 60 * 60_000;

export type Timer = {
  readonly account: string;
  readonly kind: TimerKind;
  /** The id of its route, source, alert, meter, destination or platform. */
  readonly subject: string;
  readonly dueAt: Date;
};
