/** Wall-clock times in an IANA time zone, computed from its offsets. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Whether this computer knows an IANA time zone of this name. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Returns by how much the clock of a zone is ahead of UTC at an instant, in milliseconds. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / 1000) * 1000;
}

/** Returns the calendar day in a zone: days since 1 January 1970. */
export function localDay(at: number, zone: string): number {
  return Math.floor((at + offsetMs(at, zone)) / DAY_MS);
}

/**
 * Returns the instant at which the clock of a zone shows a time. A time that a clock change skips is moved forward by the skipped time; of
 * a time that occurs twice, the first is used.
 *
 * @param minute since the midnight with which the day begins; from 1,440 on it is in the next day
 */
export function instantAt(day: number, minute: number, zone: string): number {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  // A day before and a day after are outside any clock change.
  const before = offsetMs(wall - DAY_MS, zone);
  const after = offsetMs(wall + DAY_MS, zone);
  const isAfter = offsetMs(wall - after, zone) === after && offsetMs(wall - before, zone) !== before;
  return isAfter ? wall - after : wall - before;
}
