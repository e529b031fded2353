import { saidAgain } from '../../../core/alerts/apply-snooze.ts';
import { endsAt, isSnoozedFor } from '../../../core/alerts/snooze.ts';
import { putRight } from '../../../core/alerts/stored-snooze.ts';
import { createNotifications } from '../../notify/create-notifications.ts';
import type { RunTimer } from './handler.ts';

/**
 * Ends a meter's snooze and posts its open alerts. If the period has ended meanwhile, the present state is unknown until the first
 * reading of the next one.
 */
export const snoozeEnd: RunTimer = async (transaction, timer, { now, newId }) => {
  const locked = await transaction.meter(timer.subject);
  if (!locked?.meterState.snoozed || !locked.meterState.current) return { nextAt: null, wake: [] };
  const { meter, current, alerts } = locked.meterState;
  const snoozed = putRight(locked.meterState.snoozed, now);
  // The snooze was extended, or the clock was set back.
  if (isSnoozedFor(snoozed.snooze, now, current.reading)) {
    if (snoozed !== locked.meterState.snoozed) await locked.saveSnooze(snoozed);
    return { nextAt: endsAt(snoozed.snooze), wake: [] };
  }
  await locked.saveSnooze(null);
  if (current.reading.period !== null && now >= current.reading.period.end) return { nextAt: null, wake: [] };
  const awake = { ...locked.meterState, snoozed: null };
  const announcements = [...alerts.values()].map((alert) => saidAgain(awake, alert, 'woken'));
  return {
    nextAt: null,
    wake: await createNotifications(transaction, { announcements, meters: new Map([[meter.id, awake]]), now, newId }),
  };
};
