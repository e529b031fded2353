import type { Schedule } from './schedule.ts';
import { weekdays } from './weekday.ts';

const TIME = /^(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?\s*(?<half>am|pm)?$/i;

/**
 * Parses when a digest is posted: `monday 9am`, `Fri 14:30`, `every tuesday at 8`. Without a time it is 09:00.
 *
 * @returns null if it is not a weekday with an optional time
 */
export function typedSchedule(text: string): Schedule | null {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !['every', 'at', 'on'].includes(word));
  const [first = '', ...rest] = words;
  const weekday = first.length < 3 ? undefined : weekdays.find((one) => one === first || one.startsWith(first) || first === `${one}s`);
  if (weekday === undefined) return null;
  const at = rest.length === 0 ? '09:00' : timeOfDay(rest.join(' '));
  return at === null ? null : { weekday, at };
}

function timeOfDay(text: string): string | null {
  const { hour = '', minute = '00', half } = TIME.exec(text)?.groups ?? {};
  const shown = Number(hour);
  if (hour === '' || Number(minute) > 59) return null;
  if (half !== undefined && (shown < 1 || shown > 12)) return null;
  const hours = half === undefined ? shown : (shown % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hours > 23 ? null : `${String(hours).padStart(2, '0')}:${minute}`;
}
