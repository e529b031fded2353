import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { awaitsRenotify } from '../../../core/alerts/renotify.ts';
import { isSnoozedFor } from '../../../core/alerts/snooze.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { TimerHandler } from './handler.ts';

/** Says a critical alert once more that nobody is on. A snoozed one is said when its snooze ends. */
export const renotify: TimerHandler = async (transaction, { now, newId }) => {
  const done = { nextAt: null, wake: [] };
  const inHand = await transaction.meterOfAlert(transaction.timer.subject);
  if (inHand === null) return done;
  const { meter, current, snoozed, alerts } = inHand.meterState;
  const alert = [...alerts.values()].find(({ id }) => id === transaction.timer.subject);
  if (!alert || !awaitsRenotify(alert, alert.repeatedAt)) return done;
  if (snoozed && current && isSnoozedFor(snoozed.snooze, now, current.reading)) return done;
  const repeated = { ...alert, repeatedAt: now };
  await inHand.saveAlert(repeated);
  const routes = await transaction.routes();
  const announcements = [saidAgain(inHand.meterState, repeated, 'repeated')];
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, routes, meters: new Map([[meter.id, inHand.meterState]]), now, newId }),
  };
};
