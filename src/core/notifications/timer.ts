/**
 * What can be due at an instant. The due time stands in the database; whoever comes first rings it, once.
 * - `digest`: of the route
 * - `silence`: a look whether the source has gone quiet
 * - `repeat`: of the critical alert that nobody acknowledged
 * - `snooze-end`: of the meter
 * - `present`: the route is new, or its destination works again, and hears what is open
 * - `failover`: the destination is off: what waits there goes where it is read
 * - `closing`: the statement on the source's ended period
 * - `paste-reminder`: before the route's digest
 * - `mended`: of a destination that was said to be off: something has arrived there again
 * - `unsaid`: something ended unsaid on a platform, named by its kind of destination: operations hear of it
 * - `rules-changed`: the rules of the meter's account have changed, and it has an open alert
 * - `purge`: of a platform that the app was removed from, by its kind of destination
 */
export const timerKinds = [
  'staleness',
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

/** How long what is stored of a removed installation is kept: whoever removed the app by mistake finds all as it was. */
export const PURGE_AFTER_MS = 30 * 24 * 60 * 60_000;

export type Timer = {
  readonly account: string;
  readonly kind: TimerKind;
  /** What it is about: the id of a route, source, alert or meter. */
  readonly subject: string;
  readonly dueAt: Date;
};
