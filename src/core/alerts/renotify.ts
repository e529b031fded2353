import type { Alert } from './alert.ts';
import { nextTime } from '../time/schedule.ts';
import { workdays } from '../time/weekday.ts';

const WAIT_MS = 24 * 60 * 60_000;

/**
 * Returns when an unacknowledged critical alert is posted once more: at 09:00 in the account's time zone on the first weekday at least
 * 24 h later. There is one such reminder. A timer posts it, never a reading.
 */
export function renotifyAt(saidAt: Date, timeZone: string): Date {
  // The instant itself counts: an alert of Monday 09:00 is repeated on Tuesday at 09:00.
  return nextTime(new Date(saidAt.getTime() + WAIT_MS - 1), { at: '09:00', on: workdays }, timeZone);
}

/** Whether the reminder of an alert is still due, if nothing changes. */
export function awaitsRenotify(alert: Pick<Alert, 'status' | 'severity'>, repeatedAt: Date | null): boolean {
  return alert.status === 'firing' && alert.severity === 'critical' && repeatedAt === null;
}
