import { DAY_MS, localDayOf, startOfLocalDay } from '../../core/time/local-time.ts';
import type { Stamp } from '../../core/status/tally.ts';
import { dayOf, lastDayText } from '../../core/time/days.ts';
import { lately, richText, when, type RichText } from '../../core/text/rich-text.ts';

/**
 * The time of figures: `28 Nov` if only the day is known; otherwise an instant, which each reader sees in their own zone.
 *
 * @param timeZone the account's zone, in which a day is worded
 */
export function asOf(stamp: Stamp, timeZone: string): RichText {
  return isDay(stamp, timeZone) ? richText`${dayOf(stamp.observedAt, timeZone)}` : richText`${when(stamp.observedAt)}`;
}

/** The same for an instant without a record of whether only its day is known: the start of a day counts as that day. */
export function since(at: Date, timeZone: string): RichText {
  return asOf(asStamp(at, timeZone), timeZone);
}

/** `Sun 18:40`; `Sun` for an instant that is the start of that day. */
export function latelySince(at: Date, now: Date, timeZone: string): RichText {
  return isDay(asStamp(at, timeZone), timeZone) ? richText`${lastDayText(at, now, timeZone)}` : richText`${lately(at)}`;
}

/** `08:58` or `28 Nov`, if all figures are from that minute or day; null otherwise. */
export function commonAsOf(stamps: readonly Stamp[], timeZone: string): RichText | null {
  const [first] = stamps;
  return first !== undefined && new Set(stamps.map((one) => nameOf(one, timeZone))).size === 1 ? asOf(first, timeZone) : null;
}

/** `As of 08:58` if all figures are from that minute; otherwise `As of`, the oldest, and `or later`. Null if there are none. */
export function asOfText(stamps: readonly Stamp[], timeZone: string): RichText | null {
  const [oldest] = stamps.toSorted((a, b) => a.observedAt.getTime() - b.observedAt.getTime());
  if (oldest === undefined) return null;
  return richText`As of ${asOf(oldest, timeZone)}${commonAsOf(stamps, timeZone) === null ? ' or later' : ''}`;
}

/** Whether only the day is known. Midnight in UTC with a time is an instant, unless it is also the start of a day in the account's zone. */
function isDay({ observedAt, isCoarse = false }: Stamp, timeZone: string): boolean {
  return isCoarse && (observedAt.getTime() % DAY_MS !== 0 || beginsDay(observedAt, timeZone));
}

function beginsDay(at: Date, timeZone: string): boolean {
  return at.getTime() === startOfLocalDay(localDayOf(at, timeZone), timeZone).getTime();
}

function asStamp(at: Date, timeZone: string): Stamp {
  return { observedAt: at, isCoarse: beginsDay(at, timeZone) };
}

function nameOf(stamp: Stamp, timeZone: string): string {
  const { observedAt } = stamp;
  return isDay(stamp, timeZone) ? `day ${String(localDayOf(observedAt, timeZone))}` : String(Math.floor(observedAt.getTime() / 60_000));
}

/** In place of an instant that cannot be shown. */
export const UNKNOWN_TIME = 'an unknown time';
