import { filledBy } from './balance.ts';
import { DAY_MS, localDayOf, type LocalDay } from '../time/local-time.ts';
import type { CurrentReading, Transition } from './follow-reading.ts';

/** What was consumed up to a moment. */
export type Sample = { readonly at: Date; readonly consumed: bigint };
/** What was consumed on a day of the account's calendar. */
export type DayConsumption = { readonly day: LocalDay; readonly consumed: bigint };

/**
 * What a meter consumed lately. Its size does not grow with the meter's age, so neither does the work per reading; what is
 * earlier than the latest stays the very same from reading to reading, and is copied a few times a day.
 */
export type UsageHistory = {
  /** All that was consumed since the first reading, over resets and top-ups; below zero when a correction took back what was used before it. */
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

/**
 * The history with one more reading that counts. The first one is where counting begins. What a correction takes back is
 * taken from the latest consumption, so that no day consumed less than nothing and all days of a period add up to what is used.
 */
export function recordUsage(
  history: UsageHistory | null,
  {
    previous,
    reading,
    change,
    consumed: added,
    current,
  }: Pick<Transition, 'previous' | 'reading' | 'change' | 'consumed'> & { readonly current: Pick<CurrentReading, 'periodBeganAt'> },
  timeZone: string,
): UsageHistory {
  const at = reading.observedAt;
  const before = withoutSampleOf(at, history ?? NOTHING);
  const filled = filledBy(before, { previous, reading, change });
  if (added < 0n) {
    // A window that moves with the clock begins later than what was consumed in it.
    const since = localDayOf(current.periodBeganAt, timeZone);
    return { ...takenBack(before, { amount: -added, at, since }), ...filled };
  }
  const consumed = before.consumed + added;
  const tellsTheDay = previous !== null && at.getTime() - previous.observedAt.getTime() <= TELLS_THE_DAY_MS;
  const day = tellsTheDay ? localDayOf(at, timeZone) : null;
  const beginsDay = day !== null && before.latestDay?.day !== day;
  return {
    consumed,
    earlierSamples: samplesBefore(before, at),
    latestSample: { at, consumed },
    earlierDays: beginsDay ? daysOf(before).filter((one) => one.day > day - DAYS_KEPT) : before.earlierDays,
    latestDay: day === null ? before.latestDay : { day, consumed: beginsDay ? added : (before.latestDay?.consumed ?? 0n) + added },
    ...filled,
  };
}

/**
 * The history after the vendor took some of its figure back: the latest consumption was less than it had said.
 *
 * @param since the first day of the period: what was consumed before it stands
 */
function takenBack(
  before: UsageHistory,
  { amount, at, since }: { readonly amount: bigint; readonly at: Date; readonly since: LocalDay },
): Omit<UsageHistory, 'topUp' | 'fullest'> {
  const consumed = before.consumed - amount;
  const days = daysOf(before);
  const ofPeriod = days.filter((one) => one.day >= since);
  const after = [...days.slice(0, days.length - ofPeriod.length), ...lessOfLatest(ofPeriod, amount)];
  return {
    consumed,
    earlierSamples: samplesBefore(before, at).map((one) => atMost(one, consumed)),
    latestSample: { at, consumed },
    earlierDays: after.slice(0, -1),
    latestDay: after.at(-1) ?? null,
  };
}

/** Takes an amount back from the latest days, as far as they go. */
export function lessOfLatest<T extends { readonly consumed: bigint }>(days: readonly T[], amount: bigint): readonly T[] {
  let left = amount;
  return days
    .toReversed()
    .map((one) => {
      const taken = one.consumed < left ? one.consumed : left;
      left -= taken;
      return taken === 0n ? one : { ...one, consumed: one.consumed - taken };
    })
    .toReversed();
}

function atMost(one: Sample, consumed: bigint): Sample {
  return one.consumed <= consumed ? one : { at: one.at, consumed };
}

/** Without the sample of a moment: the reading to come takes its place. */
function withoutSampleOf(at: Date, history: UsageHistory): UsageHistory {
  if (history.latestSample === null || history.latestSample.at < at) return history;
  const earlierSamples = history.earlierSamples.filter((one) => one.at < at);
  return { ...history, earlierSamples, latestSample: earlierSamples.at(-1) ?? null };
}

/**
 * The history when what was taken for a reset was a correction: the meter had consumed `before` by then, and really
 * only `after`.
 *
 * @param at when it fell
 */
export function recountAsCorrection(
  history: UsageHistory,
  { at, before }: { readonly at: Date; readonly before: bigint },
  timeZone: string,
): UsageHistory {
  const fellOn = localDayOf(at, timeZone);
  const atFall = consumedAt(history, at);
  const corrected = (one: Sample): Sample => {
    if (one.at >= at) return { at: one.at, consumed: one.consumed - before };
    return atFall === null ? one : atMost(one, atFall - before);
  };
  const days = daysOf(history);
  const until = days.filter((one) => one.day <= fellOn);
  const corrections = [...lessOfLatest(until, before), ...days.filter((one) => one.day > fellOn)];
  return {
    consumed: history.consumed - before,
    earlierSamples: history.earlierSamples.map(corrected),
    latestSample: history.latestSample && corrected(history.latestSample),
    earlierDays: corrections.slice(0, -1),
    latestDay: corrections.at(-1) ?? null,
    topUp: history.topUp,
    fullest: history.fullest,
  };
}

/** The samples to keep before one at a moment. What was the latest is only kept if it is the first of its six hours. */
function samplesBefore({ earlierSamples, latestSample }: UsageHistory, at: Date): readonly Sample[] {
  const last = earlierSamples.at(-1);
  const isFirst = latestSample !== null && latestSample !== last && (last === undefined || slotOf(last) !== slotOf(latestSample));
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
