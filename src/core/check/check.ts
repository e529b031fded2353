import type { Deadline } from '../time/parse-deadline.ts';
import { DAY_MS, localDayOf } from '../time/local-time.ts';
import { laterPeriod, type Period } from '../time/period.ts';
import type { PeriodSpec } from '../time/period-spec.ts';
import { lacksTotal, type Reading } from '../meters/reading.ts';
import { boundaryDay } from '../time/days.ts';

/** The input of a check: whether an amount can still be used, in addition to usual consumption. */
export type CheckInput = {
  readonly amount: bigint;
  /** The day by which it is used; null for the reset. */
  readonly by: Deadline | null;
  /** The current reading; null if there is none. */
  readonly reading: Reading | null;
  /** `never` for a balance, which does not reset; null if unknown. */
  readonly period: Period | 'never' | null;
  /** How the periods of its source recur; null if unknown. */
  readonly recurs: PeriodSpec | null;
  /** Usual daily consumption, in thousandths of the meter's smallest unit; null if it is too early to tell. */
  readonly pacePerDay: bigint | null;
  /** The source is stale: its latest reading is older than the expected interval. */
  readonly stale: boolean;
  readonly now: Date;
  /** The time zone in which periods recur. */
  readonly timeZone: string;
};

/** Until when credits must last: the requested day, or the reset. */
export type Horizon = { readonly end: Date; readonly deadline: Deadline | null };

export type CheckResult = { readonly amount: bigint } & (
  | { readonly verdict: 'unlimited' }
  | { readonly verdict: 'cannot-say'; readonly reason: 'no-figures' }
  | { readonly verdict: 'cannot-say'; readonly reason: 'no-total' }
  | {
      readonly verdict: 'cannot-say';
      readonly reason: 'stale' | 'expired' | 'no-reset-day' | 'at-least';
      readonly left: bigint;
      readonly observedAt: Date;
      readonly isCoarse?: boolean;
      readonly ageMs: number;
    }
  | (Figures & { readonly verdict: 'fits'; readonly lasts: Lasts })
  | (Figures & {
      readonly verdict: 'fits-until';
      /** When usual consumption will have used the rest; never before now. */
      readonly until: Date;
      /** Whole days from now to then. */
      readonly days: number;
      readonly pacePerDay: bigint;
      readonly horizon: Horizon;
      /** The amount that is missing to reach the horizon. */
      readonly missing: bigint;
    })
  | (Figures & { readonly verdict: 'does-not-fit'; readonly short: bigint })
);

type Figures = {
  /** What is left without the amount; negative if over. For a later period, its whole allowance. */
  readonly left: bigint;
  readonly observedAt: Date;
  /** Only the day of `observedAt` is known. */
  readonly isCoarse?: boolean;
  /** When the period of the planned use begins; null for the current period. */
  readonly countedFrom: Date | null;
};

type Lasts =
  | { readonly kind: 'until'; readonly horizon: Horizon }
  /** The pace is unknown, so nothing is promised. */
  | { readonly kind: 'unknown'; readonly horizon: Horizon | null }
  /** A balance: when it is used up at its pace; null if nothing is used. */
  | { readonly kind: 'balance'; readonly usedUpAt: Date | null };

/** Paces are in thousandths. */
const SCALE = 1000n;

/**
 * Checks whether an amount fits: the amount now, and usual consumption up to the horizon. A day after the reset counts in its own
 * period, with that period's whole allowance.
 */
export function checkResult(input: CheckInput): CheckResult {
  const { amount, reading, period, now, by } = input;
  if (reading === null) return { amount, verdict: 'cannot-say', reason: 'no-figures' };
  if (reading.total === null)
    return lacksTotal(reading) ? { amount, verdict: 'cannot-say', reason: 'no-total' } : { amount, verdict: 'unlimited' };
  const { observedAt } = reading;
  const seen = reading.isCoarse ? { observedAt, isCoarse: true } : { observedAt };
  const left = reading.total - reading.used;
  const figures = { amount, left, ...seen, countedFrom: null };
  const ageMs = Math.max(0, now.getTime() - observedAt.getTime());
  const cannotSay = (reason: 'stale' | 'expired' | 'no-reset-day' | 'at-least'): CheckResult => ({
    amount,
    verdict: 'cannot-say',
    reason,
    left,
    ...seen,
    ageMs,
  });
  const known = period === 'never' ? null : period;

  if (known !== null && known.end <= now) return cannotSay('expired');
  if (input.stale) return cannotSay('stale');
  const counted = known !== null && by !== null ? periodOfDay(known, by, input) : known;
  const end = by === null ? null : new Date(Math.min(by.end.getTime(), counted?.end.getTime() ?? Infinity));
  if (counted !== null && counted !== known && by !== null && end !== null) {
    // What is left now says nothing of what the next period includes.
    if (lacksTotal(reading)) return { amount, verdict: 'cannot-say', reason: 'no-total' };
    return judge({ ...figures, left: reading.total, countedFrom: counted.start }, { end, deadline: by }, counted.start, input);
  }
  if (amount > left) return { ...figures, verdict: 'does-not-fit', short: amount - left };
  // A lower bound of what is used tells only the most that can be left.
  if (reading.isAtLeast) return cannotSay('at-least');
  if (by !== null && end !== null) {
    const until = judge(figures, { end, deadline: by }, observedAt, input);
    // A reset before that day would only help, but an unknown one cannot be relied on.
    return period === null && (until.verdict !== 'fits' || until.lasts.kind === 'unknown') ? cannotSay('no-reset-day') : until;
  }
  if (period === 'never') return { ...figures, verdict: 'fits', lasts: balance(left - amount, input, observedAt) };
  if (known === null) return cannotSay('no-reset-day');
  return judge(figures, { end: known.end, deadline: null }, observedAt, input);
}

/**
 * Returns the period of the last day before a deadline, by days in the account's time zone. The period of a vendor that counts in UTC
 * ends with the same day, some hours earlier or later.
 */
function periodOfDay(present: Period, by: Deadline, { timeZone, recurs }: CheckInput): Period {
  const last = new Date(by.end.getTime() - 1);
  const day = localDayOf(last, timeZone);
  if (day < boundaryDay(present.end, timeZone)) return present;
  const later = laterPeriod(present, last < present.end ? present.end : last, timeZone, recurs);
  return day < boundaryDay(later.start, timeZone) ? laterPeriod(present, new Date(later.start.getTime() - 1), timeZone, recurs) : later;
}

/** @param from when `left` was observed; usual consumption counts from then */
function judge(figures: Figures & { readonly amount: bigint }, horizon: Horizon, from: Date, { pacePerDay, now }: CheckInput): CheckResult {
  const { amount, left } = figures;
  if (amount > left) return { ...figures, verdict: 'does-not-fit', short: amount - left };
  if (pacePerDay === null) return { ...figures, verdict: 'fits', lasts: { kind: 'unknown', horizon } };
  const rest = left - amount;
  const usual = usedWithin(pacePerDay, horizon.end.getTime() - from.getTime());
  if (usual <= rest) return { ...figures, verdict: 'fits', lasts: { kind: 'until', horizon } };
  const start = Math.max(now.getTime(), from.getTime());
  const until = new Date(Math.max(start, from.getTime() + timeToUse(rest, pacePerDay)));
  return {
    ...figures,
    verdict: 'fits-until',
    until,
    days: Math.floor((until.getTime() - start) / DAY_MS),
    pacePerDay,
    horizon,
    missing: usual - rest,
  };
}

function balance(rest: bigint, { pacePerDay, now }: CheckInput, from: Date): Lasts {
  if (pacePerDay === null) return { kind: 'unknown', horizon: null };
  if (pacePerDay <= 0n) return { kind: 'balance', usedUpAt: null };
  const usedUpAt = from.getTime() + timeToUse(rest, pacePerDay);
  return { kind: 'balance', usedUpAt: usedUpAt > LAST_INSTANT ? null : new Date(Math.max(now.getTime(), usedUpAt)) };
}

/** The largest `Date`. A rest that lasts longer counts as lasting for ever. */
const LAST_INSTANT = 8.64e15;

/** Returns the consumption in a time span at a pace, rounded up so that "lasts until 1 Dec" is never too optimistic. */
function usedWithin(pacePerDay: bigint, ms: number): bigint {
  const perDay = pacePerDay * BigInt(Math.max(0, ms));
  const divisor = SCALE * BigInt(DAY_MS);
  return perDay <= 0n ? 0n : (perDay + divisor - 1n) / divisor;
}

/** Returns the milliseconds until an amount is used at a positive pace. */
function timeToUse(amount: bigint, pacePerDay: bigint): number {
  return Number((amount * SCALE * BigInt(DAY_MS)) / pacePerDay);
}
