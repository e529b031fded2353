import type { Alert } from './alert.ts';
import { nextTime } from '../time/schedule.ts';
import { workdays } from '../time/weekday.ts';

const WAIT_MS = 24 * 60 * 60_000;

/**
 * When a critical alert that nobody acknowledged is said once more: on the first weekday at 09:00 in the account's zone
 * that is at least 24 h after it was said. There is one repeat, made by a timer and never by a reading.
 */
export function renotifyAt(saidAt: Date, timeZone: string): Date {
  // The moment itself counts: said on Monday at 09:00 means Tuesday at 09:00.
  return nextTime(new Date(saidAt.getTime() + WAIT_MS - 1), { at: '09:00', on: workdays }, timeZone);
}

/** Whether an alert has its one repeat still before it, if nothing changes meanwhile. */
export function awaitsRenotify(alert: Pick<Alert, 'status' | 'severity'>, repeatedAt: Date | null): boolean {
  return alert.status === 'firing' && alert.severity === 'critical' && repeatedAt === null;
}
