import type { Deadline } from '../time/parse-deadline.ts';
import { DAY_MS, localDayOf } from '../time/local-time.ts';
import { laterPeriod, type Period } from '../time/period.ts';
import type { PeriodSpec } from '../time/period-spec.ts';
import type { Reading } from '../meters/reading.ts';
import { boundaryDay } from '../time/days.ts';

/** Whether an amount can still be used, beside what is used anyway. */
export type CheckInput = {
  readonly amount: bigint;
  /** The day by which it is used; null means until the reset. */
  readonly by: Deadline | null;
  /** The latest; null when there is none. */
  readonly reading: Reading | null;
  /** `never` is a balance, which does not reset; null is not known. */
  readonly period: Period | 'never' | null;
  /** How the periods of its source recur; null when nobody said. */
  readonly recurs: PeriodSpec | null;
  /** Usual consumption a day, in thousandths of the meter's smallest unit; null when it is too early to tell. */
  readonly pacePerDay: bigint | null;
  /** The latest reading is older than its source promises. */
  readonly stale: boolean;
  readonly now: Date;
  /** In which periods go on by calendar months. */
  readonly timeZone: string;
};

/** Until when it has to last: a day that was asked for, or the reset. */
export type Horizon = { readonly end: Date; readonly deadline: Deadline | null };

export type CheckResult = { readonly amount: bigint } & (
  | { readonly verdict: 'unlimited' }
  | { readonly verdict: 'cannot-say'; readonly reason: 'no-figures' }
  | {
      readonly verdict: 'cannot-say';
      readonly reason: 'stale' | 'expired' | 'no-reset-day';
      readonly left: bigint;
      readonly observedAt: Date;
      readonly isCoarse?: boolean;
      readonly ageMs: number;
    }
  | (Figures & { readonly verdict: 'fits'; readonly lasts: Lasts })
  | (Figures & {
      readonly verdict: 'fits-until';
      /** When the usual consumption has used the rest; never before now. */
      readonly until: Date;
      /** Whole days from now to then. */
      readonly days: number;
      readonly pacePerDay: bigint;
      readonly horizon: Horizon;
      /** What is missing to reach the horizon. */
      readonly missing: bigint;
    })
  | (Figures & { readonly verdict: 'does-not-fit'; readonly short: bigint })
);

type Figures = {
  /** What is left before the amount; below zero is over. Of a later period, its whole allowance. */
  readonly left: bigint;
  readonly observedAt: Date;
  /** Of that moment only the day is known. */
  readonly isCoarse?: boolean;
  /** When the period begins that the amount counts into; null for the one that runs. */
  readonly countedFrom: Date | null;
};

type Lasts =
  | { readonly kind: 'until'; readonly horizon: Horizon }
  /** No pace is known yet, so nothing is promised. */
  | { readonly kind: 'unknown'; readonly horizon: Horizon | null }
  /** A balance: at its pace it is used up then; null when nothing is used. */
  | { readonly kind: 'balance'; readonly usedUpAt: Date | null };

/** Paces come in thousandths. */
const SCALE = 1000n;

/**
 * Judges one amount: the amount at once, and the usual consumption up to the horizon beside it. A day after the reset
 * counts into the period it lies in, with that period's whole allowance.
 */
export function checkResult(input: CheckInput): CheckResult {
  const { amount, reading, period, now, by } = input;
  if (reading === null) return { amount, verdict: 'cannot-say', reason: 'no-figures' };
  if (reading.total === null) return { amount, verdict: 'unlimited' };
  const { observedAt } = reading;
  const seen = reading.isCoarse ? { observedAt, isCoarse: true } : { observedAt };
  const left = reading.total - reading.used;
  const figures = { amount, left, ...seen, countedFrom: null };
  const ageMs = Math.max(0, now.getTime() - observedAt.getTime());
  const cannotSay = (reason: 'stale' | 'expired' | 'no-reset-day'): CheckResult => ({
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
  if (counted !== null && counted !== known && by !== null && end !== null)
    return judge({ ...figures, left: reading.total, countedFrom: counted.start }, { end, deadline: by }, counted.start, input);
  if (amount > left) return { ...figures, verdict: 'does-not-fit', short: amount - left };
  if (by !== null && end !== null) {
    const until = judge(figures, { end, deadline: by }, observedAt, input);
    // Should there be a reset before that day, it only helps; but one that is not known cannot be counted on.
    return period === null && (until.verdict !== 'fits' || until.lasts.kind === 'unknown') ? cannotSay('no-reset-day') : until;
  }
  if (period === 'never') return { ...figures, verdict: 'fits', lasts: balance(left - amount, input, observedAt) };
  if (known === null) return cannotSay('no-reset-day');
  return judge(figures, { end: known.end, deadline: null }, observedAt, input);
}

/**
 * The period that the last day before a deadline belongs to, by days of the account's zone: that of a vendor that counts in UTC
 * ends with the same day, some hours before or after it.
 */
function periodOfDay(present: Period, by: Deadline, { timeZone, recurs }: CheckInput): Period {
  const last = new Date(by.end.getTime() - 1);
  const day = localDayOf(last, timeZone);
  if (day < boundaryDay(present.end, timeZone)) return present;
  const later = laterPeriod(present, last < present.end ? present.end : last, timeZone, recurs);
  return day < boundaryDay(later.start, timeZone) ? laterPeriod(present, new Date(later.start.getTime() - 1), timeZone, recurs) : later;
}

/** @param from when `left` was left: what is usual has been used since then too */
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

/** A `Date` ends here: a rest that lasts longer lasts for ever. */
const LAST_INSTANT = 8.64e15;

/** What is used in a time at a pace, rounded up: so that "lasts until 1 Dec" is never said a credit too early. */
function usedWithin(pacePerDay: bigint, ms: number): bigint {
  const perDay = pacePerDay * BigInt(Math.max(0, ms));
  const divisor = SCALE * BigInt(DAY_MS);
  return perDay <= 0n ? 0n : (perDay + divisor - 1n) / divisor;
}

/** Milliseconds until an amount is used at a pace above zero. */
function timeToUse(amount: bigint, pacePerDay: bigint): number {
  return Number((amount * SCALE * BigInt(DAY_MS)) / pacePerDay);
}
