import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { endsAt, isSnoozedFor } from '../../../core/alerts/snooze.ts';
import { putRight } from '../../../core/alerts/stored-snooze.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { TimerHandler } from './handler.ts';

/**
 * Ends a meter's snooze, and says what still holds. Of a period that has ended meanwhile nobody knows what holds: the first
 * figures of the next one say it.
 */
export const snoozeEnd: TimerHandler = async (transaction, { now, newId }) => {
  const inHand = await transaction.meter(transaction.timer.subject);
  if (!inHand?.meterState.snoozed || !inHand.meterState.current) return { nextAt: null, wake: [] };
  const { meter, current, alerts } = inHand.meterState;
  const snoozed = putRight(inHand.meterState.snoozed, now);
  // Somebody made it longer, or the clock was set back.
  if (isSnoozedFor(snoozed.snooze, now, current.reading)) {
    if (snoozed !== inHand.meterState.snoozed) await inHand.saveSnooze(snoozed);
    return { nextAt: endsAt(snoozed.snooze), wake: [] };
  }
  await inHand.saveSnooze(null);
  if (current.reading.period !== null && now >= current.reading.period.end) return { nextAt: null, wake: [] };
  const awake = { ...inHand.meterState, snoozed: null };
  const routes = await transaction.routes();
  const announcements = [...alerts.values()].map((alert) => saidAgain(awake, alert, 'woken'));
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, routes, meters: new Map([[meter.id, awake]]), now, newId }),
  };
};
