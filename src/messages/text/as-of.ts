import { DAY_MS, localDayOf, startOfLocalDay } from '../../core/time/local-time.ts';
import type { Reading } from '../../core/meters/reading.ts';
import { dayOf, lastDayText } from '../../core/time/days.ts';
import { lately, richText, when, type RichText } from '../../core/text/rich-text.ts';

type Stamp = Pick<Reading, 'observedAt' | 'isCoarse'>;

/**
 * When figures are of: `28 Nov` where only the day is known, else an instant, which each reader sees in a zone of their own.
 *
 * @param timeZone the account's, which the day is of
 */
export function asOf(stamp: Stamp, timeZone: string): RichText {
  return isDay(stamp, timeZone) ? richText`${dayOf(stamp.observedAt, timeZone)}` : richText`${when(stamp.observedAt)}`;
}

/** The same of an instant of which nobody noted whether it was a day: one that begins a day is taken for that day. */
export function since(at: Date, timeZone: string): RichText {
  return asOf(taken(at, timeZone), timeZone);
}

/** `Sun 18:40`, or `Sun` of an instant that begins that day. */
export function latelySince(at: Date, now: Date, timeZone: string): RichText {
  return isDay(taken(at, timeZone), timeZone) ? richText`${lastDayText(at, now, timeZone)}` : richText`${lately(at)}`;
}

/** `08:58`, or `28 Nov`, when all figures are of that minute or day; null when they are not. */
export function commonAsOf(stamps: readonly Stamp[], timeZone: string): RichText | null {
  const [first] = stamps;
  return first !== undefined && new Set(stamps.map((one) => nameOf(one, timeZone))).size === 1 ? asOf(first, timeZone) : null;
}

/** `As of 08:58` when all figures are of that minute, else from when on they are; null of none. */
export function asOfText(stamps: readonly Stamp[], timeZone: string): RichText | null {
  const [oldest] = stamps.toSorted((a, b) => a.observedAt.getTime() - b.observedAt.getTime());
  if (oldest === undefined) return null;
  return richText`As of ${asOf(oldest, timeZone)}${commonAsOf(stamps, timeZone) === null ? ' or later' : ''}`;
}

/** Coarse, but for what was written as midnight in UTC with its time: elsewhere that is an instant like any other. */
function isDay({ observedAt, isCoarse = false }: Stamp, timeZone: string): boolean {
  return isCoarse && (observedAt.getTime() % DAY_MS !== 0 || beginsDay(observedAt, timeZone));
}

function beginsDay(at: Date, timeZone: string): boolean {
  return at.getTime() === startOfLocalDay(localDayOf(at, timeZone), timeZone).getTime();
}

function taken(at: Date, timeZone: string): Stamp {
  return { observedAt: at, isCoarse: beginsDay(at, timeZone) };
}

function nameOf(stamp: Stamp, timeZone: string): string {
  const { observedAt } = stamp;
  return isDay(stamp, timeZone) ? `day ${String(localDayOf(observedAt, timeZone))}` : String(Math.floor(observedAt.getTime() / 60_000));
}
