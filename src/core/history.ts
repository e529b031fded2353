import { beginsPeriod, causeOf, consumedBetween, type ChangeKind } from './change.ts';
import { DAY_MS, localDayOf } from './local-time.ts';
import type { Reading } from './reading.ts';

/** What a meter consumed lately. Its size does not grow with the meter's age, so neither does the work per reading. */
export type UsageHistory = {
  /** All that was consumed since the first reading, over resets and top-ups; what a correction took back is taken back. */
  readonly consumed: bigint;
  /** `consumed` at moments, oldest first: the first reading of each six hours of the latest nine days, and the latest. */
  readonly samples: readonly { readonly at: Date; readonly consumed: bigint }[];
  /** Consumption by day of the account's calendar, oldest first, of the latest five weeks. A day is missing when figures came too seldom to tell. */
  readonly days: readonly { readonly day: number; readonly consumed: bigint }[];
  /** How much the last top-up of the period was, and of a balance the last one ever; null before there was one. */
  readonly topUp: bigint | null;
};

const SLOT_MS = 6 * 60 * 60_000;
const SAMPLES_FOR_MS = 9 * DAY_MS;
const DAYS_KEPT = 36;
/** Of readings further apart than this nobody knows on which day it was consumed. */
const TELLS_THE_DAY_MS = 36 * 60 * 60_000;

const NOTHING: UsageHistory = { consumed: 0n, samples: [], days: [], topUp: null };

/** The history with one more reading. The first one is where counting begins. */
export function recordUsage(
  history: UsageHistory | null,
  { previous, reading, change }: { readonly previous: Reading | null; readonly reading: Reading; readonly change: ChangeKind },
  timeZone: string,
): UsageHistory {
  const before = history ?? NOTHING;
  const added = previous === null ? 0n : consumedBetween(previous, reading, change);
  const topUp = change === 'top-up' ? (causeOf(previous, reading, change)?.amount ?? null) : beginsPeriod(change) ? null : before.topUp;
  const grown = before.consumed + added;
  const consumed = grown < 0n ? 0n : grown;
  const at = reading.observedAt;
  const known = previous !== null && at.getTime() - previous.observedAt.getTime() <= TELLS_THE_DAY_MS;
  return {
    consumed,
    samples: sampled(before.samples, at, consumed),
    days: known ? counted(before.days, localDayOf(at, timeZone), added) : before.days,
    topUp,
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
  const day = localDayOf(at, timeZone);
  return {
    ...history,
    consumed: less(history.consumed),
    samples: history.samples.map((one) => (one.at < at ? one : { ...one, consumed: less(one.consumed) })),
    days: history.days.map((one) => (one.day === day ? { ...one, consumed: less(one.consumed) } : one)),
  };
}

function sampled(samples: UsageHistory['samples'], at: Date, consumed: bigint): UsageHistory['samples'] {
  const slot = (moment: Date) => Math.floor(moment.getTime() / SLOT_MS);
  const [first, latest] = [samples.at(-2), samples.at(-1)];
  // The latest makes room for the next, unless it is the first of its six hours.
  const kept = first && latest && slot(first.at) === slot(latest.at) ? samples.length - 1 : samples.length;
  const horizon = at.getTime() - SAMPLES_FOR_MS;
  let from = 0;
  while (from + 1 < kept && (samples[from + 1]?.at.getTime() ?? Infinity) <= horizon) from += 1;
  const next = samples.slice(from, kept);
  next.push({ at, consumed });
  return next;
}

function counted(days: UsageHistory['days'], day: number, added: bigint): UsageHistory['days'] {
  const last = days.at(-1);
  if (last?.day === day) return added === 0n ? days : days.with(-1, { day, consumed: last.consumed + added });
  return [...days.filter((one) => one.day > day - DAYS_KEPT), { day, consumed: added }];
}

/** `consumed` at a moment within the samples, on the straight line between two of them; null before the first. */
export function consumedAt(history: UsageHistory, at: Date): bigint | null {
  return consumedBackTo(history)(at.getTime());
}

/**
 * `consumedAt` for moments that go back in time, each asked with milliseconds since 1970: the samples are walked through
 * once, because a week of days is asked for with every reading.
 */
export function consumedBackTo({ samples }: UsageHistory): (moment: number) => bigint | null {
  let after = samples.length;
  return (moment) => {
    while (after > 0 && (samples[after - 1]?.at.getTime() ?? -Infinity) >= moment) after -= 1;
    const next = samples[after];
    if (next === undefined) return samples.at(-1)?.consumed ?? null;
    const nextAt = next.at.getTime();
    if (nextAt === moment) return next.consumed;
    const before = samples[after - 1];
    if (before === undefined) return null;
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
