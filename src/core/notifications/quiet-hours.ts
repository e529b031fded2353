import { localDayOf, minuteOfDay, weekdayIndex } from '../time/local-time.ts';
import { minutesOf, nextTime } from '../time/schedule.ts';
import { workdays } from '../time/weekday.ts';
import type { Severity } from '../rules/severity.ts';

const BEGIN = '20:00';
const END = '08:00';
const SATURDAY = 5;

/**
 * Returns until when a direct message is held: in the evening, at night and at weekends, only critical alerts notify a person. Held
 * messages are merged, and dropped if their alert ended. Channels have no quiet hours.
 *
 * @param severity null for a message that is not an alert (a digest, an answer), which is never held
 * @param timeZone the reader's, or the account's if unknown
 * @returns null if it may be sent now
 */
export function quietHoursEnd(severity: Severity | null, now: Date, timeZone: string): Date | null {
  if (severity === null || severity === 'critical' || !isQuietTime(now, timeZone)) return null;
  return nextTime(now, { at: END, on: workdays }, timeZone);
}

function isQuietTime(now: Date, timeZone: string): boolean {
  const minute = minuteOfDay(now, timeZone);
  return weekdayIndex(localDayOf(now, timeZone)) >= SATURDAY || minute >= minutesOf(BEGIN) || minute < minutesOf(END);
}
