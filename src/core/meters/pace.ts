import { consumedBackTo, samplesOf, type UsageHistory } from './history.ts';
import { DAY_MS } from '../time/local-time.ts';
import type { Reading } from './reading.ts';

/** Daily consumption in thousandths of the meter's smallest unit: the likely value and its range. */
export type Pace = { readonly low: bigint; readonly likely: bigint; readonly high: bigint };

/** A week contains every weekday once. A shorter window misstates meters that are used only on workdays. */
const WEEK = 7;
/** With fewer readings in the window, variation is hidden, so the range is widened by a fifth. */
const FEW_SAMPLES = 4;

/**
 * The pace of the last seven days, or of as many whole days as there are, with its basis: those days, latest first, and the history.
 */
export type LikelyPace = { readonly likely: bigint; readonly days: readonly bigint[]; readonly history: UsageHistory };

/**
 * Returns the likely pace.
 *
 * @param minimumDays the least history for a pace
 * @returns null if it is too early to tell
 */
export function likelyPaceOf(history: UsageHistory, now: Date, minimumDays: number): LikelyPace | null {
  const days = dailyConsumption(history, now);
  if (days.length < minimumDays || days.length < 2) return null;
  return { likely: mean(sumOf(days), days.length), days, history };
}

/**
 * Returns the range of a likely pace: the averages without the busiest and without the quietest day. If the average of the period is
 * outside, the range is extended halfway to it.
 */
export function rangeAround({ likely, days, history }: LikelyPace, reading: Reading, minimumDays: number): Pace {
  const sum = sumOf(days);
  const busiest = days.reduce((most, day) => (day > most ? day : most));
  const quietest = days.reduce((least, day) => (day < least ? day : least));
  const range = { low: mean(sum - busiest, days.length - 1), high: mean(sum - quietest, days.length - 1) };
  const checked = towards(range, periodAverage(reading, minimumDays));
  const since = reading.observedAt.getTime() - days.length * DAY_MS;
  const widened = samplesOf(history).filter(({ at }) => at.getTime() >= since).length < FEW_SAMPLES;
  return widened
    ? { likely, low: smaller(checked.low, (likely * 4n) / 5n), high: larger(checked.high, (likely * 6n) / 5n) }
    : { likely, ...checked };
}

/**
 * Returns the consumption of the last 24 hours, the 24 before, and so on, for at most a week. A day with a net correction counts as 0.
 */
function dailyConsumption(history: UsageHistory, now: Date): readonly bigint[] {
  const days: bigint[] = [];
  const consumedAt = consumedBackTo(history);
  let later = consumedAt(now.getTime());
  for (let back = 1; back <= WEEK && later !== null; back += 1) {
    const earlier = consumedAt(now.getTime() - back * DAY_MS);
    if (earlier !== null) days.push(larger(later - earlier, 0n));
    later = earlier;
  }
  return days;
}

function sumOf(days: readonly bigint[]): bigint {
  let sum = 0n;
  for (const day of days) sum += day;
  return sum;
}

/** Returns null in the first days of a period, and without a period. */
function periodAverage({ used, period, observedAt }: Reading, minimumDays: number): bigint | null {
  if (period === null) return null;
  const elapsed = observedAt.getTime() - period.start.getTime();
  return elapsed < minimumDays * DAY_MS ? null : (used * 1000n * BigInt(DAY_MS)) / BigInt(elapsed);
}

function towards({ low, high }: { low: bigint; high: bigint }, average: bigint | null): { low: bigint; high: bigint } {
  if (average === null) return { low, high };
  return { low: average < low ? (low + average) / 2n : low, high: average > high ? (high + average) / 2n : high };
}

function mean(sum: bigint, count: number): bigint {
  return (sum * 1000n) / BigInt(count);
}
function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
