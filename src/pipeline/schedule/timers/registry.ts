import type { TimerKind } from '../../../core/notifications/timer.ts';
import { oneByOne, type TimerHandler } from './handler.ts';
import { keyExpiry } from './key-expiry.ts';
import { periodStatement } from './period-statement.ts';
import { digest } from './digest.ts';
import { failover } from './failover.ts';
import { destinationRecovered } from './destination-recovered.ts';
import { pasteReminder } from './paste-reminder.ts';
import { announceOpenAlertsTimer } from './announce-open-alerts.ts';
import { purge } from './purge.ts';
import { renotify } from './renotify.ts';
import { rulesChanged } from './rules-changed.ts';
import { sourceProblem } from './source-problem.ts';
import { staleness } from './staleness.ts';
import { snoozeEnd } from './snooze-end.ts';
import { undelivered } from './undelivered.ts';

/** Kinds of which many can be due at the same instant, such as digests at 09:00. Each still commits within about a second. */
const MANY = 100;

/** All kinds of timers. A new kind is one file, one line here and one in src/core/notifications/timer.ts. */
export const timerHandlers = {
  staleness: oneByOne(staleness),
  'source-problem': oneByOne(sourceProblem),
  'key-expiry': oneByOne(keyExpiry, MANY),
  renotify: oneByOne(renotify, MANY),
  'snooze-end': oneByOne(snoozeEnd, MANY),
  'announce-open-alerts': announceOpenAlertsTimer,
  failover: oneByOne(failover, MANY),
  'period-statement': oneByOne(periodStatement),
  digest: oneByOne(digest, MANY),
  'paste-reminder': oneByOne(pasteReminder, MANY),
  'destination-recovered': oneByOne(destinationRecovered, MANY),
  undelivered: oneByOne(undelivered),
  'rules-changed': oneByOne(rulesChanged, MANY),
  purge: oneByOne(purge),
} satisfies Record<TimerKind, TimerHandler>;
