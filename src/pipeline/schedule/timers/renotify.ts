import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { awaitsRepeat } from '../../../core/alerts/renotify.ts';
import { isQuiet } from '../../../core/alerts/snooze.ts';
import { raise } from '../../notify/create-notifications.ts';
import type { TimerHandler } from './handler.ts';

/** Says a critical alert once more that nobody is on. A snoozed one is said when its snooze ends. */
export const repeat: TimerHandler = async (transaction, { now, newId }) => {
  const done = { nextAt: null, wake: [] };
  const inHand = await transaction.meterOfAlert(transaction.timer.subject);
  if (inHand === null) return done;
  const { meter, standing, snoozed, alerts } = inHand.watched;
  const alert = [...alerts.values()].find(({ id }) => id === transaction.timer.subject);
  if (!alert || !awaitsRepeat(alert, alert.repeatedAt)) return done;
  if (snoozed && standing && isQuiet(snoozed.snooze, now, standing.reading)) return done;
  const repeated = { ...alert, repeatedAt: now };
  await inHand.saveAlert(repeated);
  const routes = await transaction.routes();
  const announcements = [saidAgain(inHand.watched, repeated, 'repeated')];
  return {
    nextAt: null,
    wake: await raise(transaction, { announcements, routes, meters: new Map([[meter.id, inHand.watched]]), now, newId }),
  };
};
