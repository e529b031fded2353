import type { TimerKind } from '../../../core/notifications/timer.ts';
import type { TimerHandler } from './handler.ts';
import { closing } from './closing.ts';
import { digest } from './digest.ts';
import { failover } from './failover.ts';
import { mended } from './destination-recovered.ts';
import { pasteReminder } from './paste-reminder.ts';
import { present } from './announce-open-alerts.ts';
import { purge } from './purge.ts';
import { repeat } from './renotify.ts';
import { rulesChanged } from './rules-changed.ts';
import { silence } from './staleness.ts';
import { snoozeEnd } from './snooze-end.ts';
import { unsaid } from './unsaid.ts';

/** Every kind of timer with its work. A new kind is one file, one line here and one in core/timer.ts. */
export const timerHandlers = {
  silence,
  repeat,
  'snooze-end': snoozeEnd,
  present,
  failover,
  closing,
  digest,
  'paste-reminder': pasteReminder,
  mended,
  unsaid,
  'rules-changed': rulesChanged,
  purge,
} satisfies Record<TimerKind, TimerHandler>;
