import type { TimerKind } from '../../../core/notifications/timer.ts';
import type { TimerHandler } from './handler.ts';
import { periodStatement } from './period-statement.ts';
import { digest } from './digest.ts';
import { failover } from './failover.ts';
import { destinationRecovered } from './destination-recovered.ts';
import { pasteReminder } from './paste-reminder.ts';
import { announceOpenAlertsTimer } from './announce-open-alerts.ts';
import { purge } from './purge.ts';
import { renotify } from './renotify.ts';
import { rulesChanged } from './rules-changed.ts';
import { staleness } from './staleness.ts';
import { snoozeEnd } from './snooze-end.ts';
import { undelivered } from './undelivered.ts';

/** All kinds of timers. A new kind is one file, one line here and one in src/core/notifications/timer.ts. */
export const timerHandlers = {
  staleness,
  renotify,
  'snooze-end': snoozeEnd,
  'announce-open-alerts': announceOpenAlertsTimer,
  failover,
  'period-statement': periodStatement,
  digest,
  'paste-reminder': pasteReminder,
  'destination-recovered': destinationRecovered,
  undelivered,
  'rules-changed': rulesChanged,
  purge,
} satisfies Record<TimerKind, TimerHandler>;
