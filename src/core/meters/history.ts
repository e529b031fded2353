import { filledBy } from './balance.ts';
import { beginsPeriod } from './classify-change.ts';
import { DAY_MS, localDayOf, type LocalDay } from '../time/local-time.ts';
import type { CurrentReading, Transition } from './follow-reading.ts';

/** Cumulative consumption at an instant. */
export type Sample = { readonly at: Date; readonly consumed: bigint };
/** Consumption on one day of the account's calendar. */
export type DayConsumption = { readonly day: LocalDay; readonly consumed: bigint };

/**
 * The recent consumption of a meter. Its size, and so the work per reading, does not grow with the meter's age. All but the latest
 * entries are the same objects from reading to reading and are copied a few times a day.
 */
export type UsageHistory = {
  /** Consumption since the first reading, across resets and top-ups; negative if a correction took back earlier usage. */
  readonly consumed: bigint;
  /** `consumed` at the first reading of each six hours of the last nine days, oldest first. */
  readonly earlierSamples: readonly Sample[];
  /** At the latest reading; null if there is none. */
  readonly latestSample: Sample | null;
  /** Consumption by day of the last five weeks, oldest first. A day is missing if readings were too far apart. */
  readonly earlierDays: readonly DayConsumption[];
  /** The latest day with a known consumption. */
  readonly latestDay: DayConsumption | null;
  /** The last top-up of the period, or of a balance; null if there was none. */
  readonly topUp: bigint | null;
  /** The most that was left of a balance since then, or since the first reading; null if no reading shows it. */
  readonly fullest: bigint | null;
};

const SLOT_MS = 6 * 60 * 60_000;
const SAMPLES_FOR_MS = 9 * DAY_MS;
const DAYS_KEPT = 36;
/** Readings further apart than this do not show on which day credits were used. */
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

/** Returns all samples, oldest first. */
export function samplesOf({ earlierSamples, latestSample }: UsageHistory): readonly Sample[] {
  return latestSample === null ? earlierSamples : [...earlierSamples, latestSample];
}

/** Returns all recorded days, oldest first. */
export function daysOf({ earlierDays, latestDay }: UsageHistory): readonly DayConsumption[] {
  return latestDay === null ? earlierDays : [...earlierDays, latestDay];
}

/**
 * Adds one counted reading to the history. The first one is the baseline. A correction is subtracted from the latest consumption, so
 * that no day is negative and the days of a period add up to its usage. A lower bound is no consumption: the next measured reading adds
 * what was used since the one before it.
 */
export function recordUsage(
  history: UsageHistory | null,
  {
    previous,
    reading,
    change,
    consumed: added,
    current,
    measured = previous,
  }: Pick<Transition, 'previous' | 'reading' | 'change' | 'consumed' | 'measured'> & {
    readonly current: Pick<CurrentReading, 'periodBeganAt'>;
  },
  timeZone: string,
): UsageHistory {
  const at = reading.observedAt;
  if (reading.isAtLeast) return history !== null && beginsPeriod(change) ? { ...history, topUp: null } : (history ?? NOTHING);
  const before = withoutSampleOf(at, history ?? NOTHING);
  const filled = filledBy(before, { previous, reading, change });
  if (added < 0n) {
    // A moving window begins later than its consumption.
    const since = localDayOf(current.periodBeganAt, timeZone);
    return { ...takenBack(before, { amount: -added, at, since }), ...filled };
  }
  const consumed = before.consumed + added;
  const tellsTheDay = measured !== null && at.getTime() - measured.observedAt.getTime() <= TELLS_THE_DAY_MS;
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
 * Returns the history after the vendor corrected its figure down: the latest consumption was lower than reported.
 *
 * @param since the first day of the period; earlier days do not change
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

/** Subtracts an amount from the latest days, as far as they suffice. */
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

/** Removes the sample of an instant, which the next reading replaces. */
function withoutSampleOf(at: Date, history: UsageHistory): UsageHistory {
  if (history.latestSample === null || history.latestSample.at < at) return history;
  const earlierSamples = history.earlierSamples.filter((one) => one.at < at);
  return { ...history, earlierSamples, latestSample: earlierSamples.at(-1) ?? null };
}

/**
 * Returns the history after a presumed reset was reclassified as a correction: the meter did not start again at zero, so its former
 * usage is subtracted.
 *
 * @param at when the figure dropped
 * @param before the usage before the drop
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

/** Returns the samples to keep before a new one. The former latest stays only if it is the first of its six hours. */
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

/** Returns `consumed` at an instant, interpolated linearly between samples; null before the first. */
export function consumedAt(history: UsageHistory, at: Date): bigint | null {
  return consumedBackTo(history)(at.getTime());
}

/**
 * Returns `consumedAt` for instants in descending order, in milliseconds since 1970. Walks through the samples once, because every
 * reading asks for a week of days.
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

/** Returns the last recorded top-up. */
export function topUpOf(history: UsageHistory | null): bigint | null {
  return history?.topUp ?? null;
}
