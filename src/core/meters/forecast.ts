import { z } from 'zod';
import type { UsageHistory } from './history.ts';
import { DAY_MS } from '../time/local-time.ts';
import { likelyPaceOf, rangeAround, type LikelyPace } from './pace.ts';
import { knownEnd } from '../time/period.ts';
import type { Reading } from './reading.ts';
import { storedBigint, storedDate } from '../json-codecs.ts';

/** Daily consumption in the smallest unit, for display. */
const perDay = storedBigint;

export const forecastSchema = z.discriminatedUnion('kind', [
  /** No forecast: there is no allowance, it is used up, nothing is consumed, or there is too little history. */
  z.object({ kind: z.literal('none'), why: z.enum(['no-allowance', 'used-up', 'idle', 'too-early']) }),
  /** `usedAtEnd`: the likely `used` at the reset, in the smallest unit. */
  z.object({ kind: z.literal('lasts'), until: storedDate, usedAtEnd: storedBigint, perDay }),
  /** `resets`: the end of the period; null if it never resets. `toLast`: the daily consumption that would last until then. */
  z.object({
    kind: z.literal('runs-out'),
    earliest: storedDate,
    likely: storedDate,
    latest: storedDate,
    perDay,
    resets: storedDate.nullable(),
    toLast: perDay.nullable(),
  }),
]);
export type Forecast = z.infer<typeof forecastSchema>;

/** Less history than this supports no forecast. */
export const MINIMUM_DAYS = 3;
/** A run-out further away than this counts as never. */
const HORIZON_MS = 3650 * DAY_MS;

/** A forecast without its range, which most decisions do not need. */
export type Outlook =
  | Exclude<Forecast, { kind: 'runs-out' }>
  | { readonly kind: 'runs-out'; readonly likely: Date; readonly resets: Date | null; readonly left: bigint; readonly pace: LikelyPace };

/**
 * Returns whether an allowance lasts until the end of its period at the present pace, and if not, when it likely runs out. Without a
 * period, only the run-out is computed.
 */
export function outlook(history: UsageHistory | null, reading: Reading, minimumDays = MINIMUM_DAYS): Outlook {
  const { used, total, observedAt } = reading;
  if (total === null || total === 0n) return { kind: 'none', why: 'no-allowance' };
  if (used >= total) return { kind: 'none', why: 'used-up' };
  // A lower bound does not tell how much is left.
  if (reading.isAtLeast) return { kind: 'none', why: 'too-early' };
  const pace = history && likelyPaceOf(history, observedAt, minimumDays);
  if (!pace) return { kind: 'none', why: 'too-early' };
  const known = knownEnd(reading);
  const end = known !== null && known > observedAt ? known : null;
  if (pace.likely <= 0n) return end ? { kind: 'lasts', until: end, usedAtEnd: used, perDay: 0n } : { kind: 'none', why: 'idle' };
  const left = total - used;
  const likely = runOut(observedAt, left, pace.likely);
  if (end !== null && likely >= end)
    return { kind: 'lasts', until: end, usedAtEnd: used + consumedUntil(end, observedAt, pace.likely), perDay: pace.likely / 1000n };
  return { kind: 'runs-out', likely, resets: end, left, pace };
}

/** Returns the outlook with a range of run-out dates, because one date would be falsely exact. */
export function forecast(history: UsageHistory | null, reading: Reading, minimumDays = MINIMUM_DAYS): Forecast {
  const expected = outlook(history, reading, minimumDays);
  if (expected.kind !== 'runs-out') return expected;
  const { likely, resets, left, pace } = expected;
  const { observedAt } = reading;
  const { low, high } = rangeAround(pace, reading, minimumDays);
  const latest = runOut(observedAt, left, low);
  return {
    kind: 'runs-out',
    earliest: runOut(observedAt, left, high),
    likely,
    // After the reset it would not run out.
    latest: resets !== null && latest > resets ? resets : latest,
    perDay: pace.likely / 1000n,
    resets,
    toLast: resets && (left * BigInt(DAY_MS)) / BigInt(Math.max(1, resets.getTime() - observedAt.getTime())),
  };
}

/** Returns when the rest is used up. `pace`: thousandths per day. */
function runOut(from: Date, left: bigint, pace: bigint): Date {
  if (pace <= 0n) return new Date(from.getTime() + HORIZON_MS);
  const ms = (left * 1000n * BigInt(DAY_MS)) / pace;
  return new Date(from.getTime() + (ms > BigInt(HORIZON_MS) ? HORIZON_MS : Number(ms)));
}

function consumedUntil(end: Date, from: Date, pace: bigint): bigint {
  return (pace * BigInt(end.getTime() - from.getTime())) / (1000n * BigInt(DAY_MS));
}
