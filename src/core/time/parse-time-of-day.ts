const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const FURTHEST_OFFSET_MS = 14 * HOUR_MS;

export type TimeOfDay = {
  readonly afterMidnightMs: number;
  /** The offset from UTC; null if no zone was given. */
  readonly offsetMs: number | null;
};
/** No time was written, only a day. */
export const EMPTY_TIME = 'no time';

const TIME =
  /^(?:[Tt]|,? (?:at |um |à |a las )?)(?<hour>\d{1,2})(?::?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<part>\d{1,9}))?)?)?(?: ?(?<half>[AaPp])\.?[Mm]\.?)?(?: ?(?<zone>[A-Za-z]{0,4} ?(?:[-+−]\d{1,2}(?::?\d{2})?)?))?(?: ?\([^()]*\))?$/u;
const DAY_AND_ZONE = /^ ?(?<zone>Z|UTC|GMT)$/i;
const OFFSET = /^(?:UTC|GMT|UT)? ?(?<sign>[-+−])(?<hours>\d{1,2}):?(?<minutes>\d{2})?$/iu;

/** The zone names of RFC 2822 (https://www.rfc-editor.org/rfc/rfc2822#section-4.3), in hours ahead of UTC. */
const NAMED: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
};

/** Parses the text after a day: `T08:00:00Z`, ` 8:00 PM`, ` 08:00 +0000`, ` 08:00 UTC`, or nothing. Null if it is not a time. */
export function readTime(text: string): TimeOfDay | typeof EMPTY_TIME | null {
  if (text === '' || DAY_AND_ZONE.test(text)) return EMPTY_TIME;
  const { hour = '', minute = '', second = '', part = '', half = '', zone = '' } = TIME.exec(text)?.groups ?? {};
  if (hour === '' || (minute === '' && half === '')) return null;
  const offsetMs = offsetOf(zone.trim());
  if (offsetMs === undefined) return null;
  const hours = half === '' ? Number(hour) : twelveHours(Number(hour), half);
  const [minutes, seconds] = [Number(minute || 0), Number(second || 0)];
  // A leap second counts as the second after it.
  if (hours === null || hours > 24 || minutes > 59 || seconds > 60 || (hours === 24 && minutes + seconds > 0)) return null;
  const milliseconds = Number(part.padEnd(3, '0').slice(0, 3));
  return { afterMidnightMs: hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + milliseconds, offsetMs };
}

function twelveHours(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

/**
 * Parses a zone.
 *
 * @returns null without a zone, undefined for an unknown one
 */
function offsetOf(zone: string): number | null | undefined {
  if (zone === '') return null;
  const named = zone.toLowerCase();
  if (Object.hasOwn(NAMED, named)) return (NAMED[named] ?? 0) * HOUR_MS;
  const { sign, hours = '', minutes = '0' } = OFFSET.exec(zone)?.groups ?? {};
  if (sign === undefined || Number(minutes) > 59) return undefined;
  const offset = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  if (offset > FURTHEST_OFFSET_MS) return undefined;
  return sign === '+' ? offset : -offset;
}
