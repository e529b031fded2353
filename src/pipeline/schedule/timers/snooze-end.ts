import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { endsAt, isQuiet } from '../../../core/alerts/snooze.ts';
import { putRight } from '../../../core/alerts/stored-snooze.ts';
import { raise } from '../../notify/create-notifications.ts';
import type { TimerHandler } from './handler.ts';

/**
 * Ends a meter's snooze, and says what still holds. Of a period that has ended meanwhile nobody knows what holds: the first
 * figures of the next one say it.
 */
export const snoozeEnd: TimerHandler = async (transaction, { now, newId }) => {
  const inHand = await transaction.meter(transaction.timer.subject);
  if (!inHand?.watched.snoozed || !inHand.watched.standing) return { nextAt: null, wake: [] };
  const { meter, standing, alerts } = inHand.watched;
  const snoozed = putRight(inHand.watched.snoozed, now);
  // Somebody made it longer, or the clock was set back.
  if (isQuiet(snoozed.snooze, now, standing.reading)) {
    if (snoozed !== inHand.watched.snoozed) await inHand.saveSnoozed(snoozed);
    return { nextAt: endsAt(snoozed.snooze), wake: [] };
  }
  await inHand.saveSnoozed(null);
  if (standing.reading.period !== null && now >= standing.reading.period.end) return { nextAt: null, wake: [] };
  const awake = { ...inHand.watched, snoozed: null };
  const routes = await transaction.routes();
  const announcements = [...alerts.values()].map((alert) => saidAgain(awake, alert, 'woken'));
  return { nextAt: null, wake: await raise(transaction, { announcements, routes, meters: new Map([[meter.id, awake]]), now, newId }) };
};
