import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { awaitsRenotify } from '../../../core/alerts/renotify.ts';
import { holdsBack, isSnoozedFor } from '../../../core/alerts/snooze.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { RunTimer } from './handler.ts';

/**
 * Posts an unacknowledged critical alert once more. One that a snooze holds back is posted when the snooze ends. Both are often due at
 * 09:00: then only the end of the snooze posts it, whichever timer runs first.
 */
export const renotify: RunTimer = async (transaction, timer, { now, newId }) => {
  const done = { nextAt: null, wake: [] };
  const locked = await transaction.meterOfAlert(timer.subject);
  if (locked === null) return done;
  const { meter, current, snoozed, alerts } = locked.meterState;
  const alert = [...alerts.values()].find(({ id }) => id === timer.subject);
  if (!alert || !awaitsRenotify(alert, alert.repeatedAt)) return done;
  if (snoozed && current) {
    const comesThrough =
      isSnoozedFor(snoozed.snooze, now, current.reading) && !holdsBack(snoozed.snooze, alert.severity, now, current.reading);
    if (!comesThrough) return done;
  }
  const repeated = { ...alert, repeatedAt: now };
  await locked.saveAlert(repeated);
  const announcements = [saidAgain(locked.meterState, repeated, 'repeated')];
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, meters: new Map([[meter.id, locked.meterState]]), now, newId }),
  };
};
