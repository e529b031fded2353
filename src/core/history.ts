import { filledBy } from './balance.ts';
import { consumedBetween, type ChangeKind } from './change.ts';
import { DAY_MS, localDayOf, type LocalDay } from './local-time.ts';
import type { Reading } from './reading.ts';

/** What was consumed up to a moment. */
export type Sample = { readonly at: Date; readonly consumed: bigint };
/** What was consumed on a day of the account's calendar. */
export type DayConsumption = { readonly day: LocalDay; readonly consumed: bigint };

/**
 * What a meter consumed lately. Its size does not grow with the meter's age, so neither does the work per reading; what is
 * earlier than the latest stays the very same from reading to reading, and is copied a few times a day.
 */
export type UsageHistory = {
  /** All that was consumed since the first reading, over resets and top-ups; what a correction took back is taken back. */
  readonly consumed: bigint;
  /** `consumed` at moments, oldest first: the first reading of each six hours of the latest nine days. */
  readonly earlierSamples: readonly Sample[];
  /** At the latest reading; null before the first. */
  readonly latestSample: Sample | null;
  /** Consumption by day, oldest first, of the latest five weeks. A day is missing when figures came too seldom to tell. */
  readonly earlierDays: readonly DayConsumption[];
  /** The latest day that could be told. */
  readonly latestDay: DayConsumption | null;
  /** How much the last top-up of the period was, and of a balance the last one ever; null before there was one. */
  readonly topUp: bigint | null;
  /** The most that was left of a balance since then, or since the first reading; null when no reading could tell. */
  readonly fullest: bigint | null;
};

const SLOT_MS = 6 * 60 * 60_000;
const SAMPLES_FOR_MS = 9 * DAY_MS;
const DAYS_KEPT = 36;
/** Of readings further apart than this nobody knows on which day it was consumed. */
const TELLS_THE_DAY_MS = 36 * 60 * 60_000;

const NOTHING: UsageHistory = {
  consumed: 0n,
  earlierSamples: [],
  latestSample: null,
  earlierDays: [],
  latestDay: null,
  topUp: null,
  fullest: null,
};

/** All samples, oldest first. */
export function samplesOf({ earlierSamples, latestSample }: UsageHistory): readonly Sample[] {
  return latestSample === null ? earlierSamples : [...earlierSamples, latestSample];
}

/** All days on record, oldest first. */
export function daysOf({ earlierDays, latestDay }: UsageHistory): readonly DayConsumption[] {
  return latestDay === null ? earlierDays : [...earlierDays, latestDay];
}

/** The history with one more reading. The first one is where counting begins. */
export function recordUsage(
  history: UsageHistory | null,
  { previous, reading, change }: { readonly previous: Reading | null; readonly reading: Reading; readonly change: ChangeKind },
  timeZone: string,
): UsageHistory {
  const before = history ?? NOTHING;
  const added = previous === null ? 0n : consumedBetween(previous, reading, change);
  const { topUp, fullest } = filledBy(before, { previous, reading, change });
  const grown = before.consumed + added;
  const consumed = grown < 0n ? 0n : grown;
  const at = reading.observedAt;
  const tellsTheDay = previous !== null && at.getTime() - previous.observedAt.getTime() <= TELLS_THE_DAY_MS;
  const day = tellsTheDay ? localDayOf(at, timeZone) : null;
  const beginsDay = day !== null && before.latestDay?.day !== day;
  return {
    consumed,
    earlierSamples: samplesBefore(before, at),
    latestSample: { at, consumed },
    earlierDays: beginsDay ? daysOf(before).filter((one) => one.day > day - DAYS_KEPT) : before.earlierDays,
    latestDay: day === null ? before.latestDay : { day, consumed: beginsDay ? added : (before.latestDay?.consumed ?? 0n) + added },
    topUp,
    fullest,
  };
}

/**
 * The history when what was taken for a reset was a correction: then the figure it fell to was not consumed anew.
 *
 * @param at when it fell
 */
export function uncountReset(
  history: UsageHistory,
  { at, counted }: { readonly at: Date; readonly counted: bigint },
  timeZone: string,
): UsageHistory {
  const less = (amount: bigint) => (amount < counted ? 0n : amount - counted);
  const fallenOn = localDayOf(at, timeZone);
  const lessSince = (one: Sample) => (one.at < at ? one : { at: one.at, consumed: less(one.consumed) });
  const lessOn = (one: DayConsumption) => (one.day === fallenOn ? { day: one.day, consumed: less(one.consumed) } : one);
  return {
    consumed: less(history.consumed),
    earlierSamples: history.earlierSamples.map(lessSince),
    latestSample: history.latestSample && lessSince(history.latestSample),
    earlierDays: history.earlierDays.map(lessOn),
    latestDay: history.latestDay && lessOn(history.latestDay),
    topUp: history.topUp,
    fullest: history.fullest,
  };
}

/** The samples to keep before one at a moment. What was the latest is only kept if it is the first of its six hours. */
function samplesBefore({ earlierSamples, latestSample }: UsageHistory, at: Date): readonly Sample[] {
  const last = earlierSamples.at(-1);
  const isFirst = latestSample !== null && (last === undefined || slotOf(last) !== slotOf(latestSample));
  const kept = isFirst ? [...earlierSamples, latestSample] : earlierSamples;
  const horizon = at.getTime() - SAMPLES_FOR_MS;
  let from = 0;
  while (from + 1 < kept.length && (kept[from + 1]?.at.getTime() ?? Infinity) <= horizon) from += 1;
  return from === 0 ? kept : kept.slice(from);
}

function slotOf({ at }: Sample): number {
  return Math.floor(at.getTime() / SLOT_MS);
}

/** `consumed` at a moment within the samples, on the straight line between two of them; null before the first. */
export function consumedAt(history: UsageHistory, at: Date): bigint | null {
  return consumedBackTo(history)(at.getTime());
}

/**
 * `consumedAt` for moments that go back in time, each asked with milliseconds since 1970: the samples are walked through
 * once, because a week of days is asked for with every reading.
 */
export function consumedBackTo({ earlierSamples, latestSample }: UsageHistory): (moment: number) => bigint | null {
  const sample = (index: number) => (index === earlierSamples.length ? latestSample : earlierSamples[index]);
  let after = latestSample === null ? 0 : earlierSamples.length + 1;
  return (moment) => {
    while (after > 0 && (sample(after - 1)?.at.getTime() ?? -Infinity) >= moment) after -= 1;
    const next = sample(after);
    if (!next) return latestSample?.consumed ?? null;
    const nextAt = next.at.getTime();
    if (nextAt === moment) return next.consumed;
    const before = sample(after - 1);
    if (!before) return null;
    const grown = next.consumed - before.consumed;
    if (grown === 0n) return next.consumed;
    const beforeAt = before.at.getTime();
    return before.consumed + (grown * BigInt(moment - beforeAt)) / BigInt(nextAt - beforeAt);
  };
}

/** The last top-up on record. */
export function topUpOf(history: UsageHistory | null): bigint | null {
  return history?.topUp ?? null;
}
