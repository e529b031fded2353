import { z } from 'zod';
import { parseAmount } from '../meters/amount.ts';
import { measure } from '../meters/balance.ts';
import { daysOf, type DayConsumption } from '../meters/history.ts';
import { localDayOf, type LocalDay } from '../time/local-time.ts';
import type { Evaluation, Finding, RuleInput, RuleKind, SeverityInput } from './rule.ts';
import { storedBigint } from '../json-codecs.ts';
import { AMOUNT_DECIMALS, inMillionths, shareOf } from './level.ts';

/**
 * Fires if a day's consumption is far above that of the same weekday: the median of the last weeks plus a multiple of the median
 * absolute deviation. Fires once a day and lapses silently with the day.
 */

/** A median of fewer days is chance. */
const LEAST_DAYS = 3;

const params = z.object({
  sensitivity: z.int(),
  /** Exactly one of the two is set: tenths of a percent, or millionths of the meter's unit. */
  minimum: z.object({ perMille: z.int().optional(), amount: z.string().regex(/^\d+$/).optional() }),
});
export type SpikeParams = z.infer<typeof params>;

const MINIMUM_FORMS = 'must be a percentage such as 1%, at most 100%, or an amount such as 5000';

const minimum = z
  .union([z.string(), z.number()], MINIMUM_FORMS)
  .default('1%')
  .transform((written, context): SpikeParams['minimum'] => {
    const perMille = shareOf(written);
    const amount = parseAmount(written, AMOUNT_DECIMALS);
    if (perMille !== null && perMille <= 1000) return { perMille };
    if (perMille === null && amount.ok) return { amount: amount.value.toString() };
    context.addIssue({ code: 'custom', message: MINIMUM_FORMS });
    return z.NEVER;
  });

const state = z.object({ day: z.int().nullable() });
/** The day that was reported and has not ended. */
type SpikeState = z.infer<typeof state>;

const CONDITION = 'spike';
export const spikeDetail = z.object({ day: z.int(), consumed: storedBigint, usual: storedBigint });

export const spike = {
  kind: 'spike' as const,
  topic: 'unusual',
  written: z.strictObject({ sensitivity: z.int().min(1).max(50).default(6), minimum }),
  params,
  state,
  standard: null,

  worst: () => 'warning',

  evaluate({ sensitivity, minimum: least }: SpikeParams, { meter, reading, history, timeZone, state: before }: RuleInput<SpikeState>) {
    const today = localDayOf(reading.observedAt, timeZone);
    const said = before?.day ?? null;
    if (said === today) return answer([], [], 'reported today', today);
    const cleared = said === null ? [] : [CONDITION];
    const recorded = daysOf(history);
    const consumed = recorded.find(({ day }) => day === today)?.consumed;
    if (consumed === undefined) return answer([], cleared, 'readings too far apart to tell the day', null);
    const days = sameWeekday(recorded, today);
    if (days.length < LEAST_DAYS)
      return answer([], cleared, `too little history: ${String(days.length)} of ${String(LEAST_DAYS)} days of this weekday`, null);
    const smallest = minimumOf(least, { meter, reading, filled: history });
    if (smallest === null) return answer([], cleared, 'no share without an allowance: the minimum must be an amount', null);
    const usual = median(days);
    const isFarAbove = consumed > usual + BigInt(sensitivity) * spreadOf(days, usual);
    if (!isFarAbove || consumed < smallest)
      return answer([], cleared, isFarAbove ? 'above the usual, but less than the minimum' : 'as usual', null);
    const finding: Finding = {
      kind: 'spike',
      condition: CONDITION,
      severity: 'warning',
      detail: z.encode(spikeDetail, { day: today, consumed, usual }),
    };
    return answer([finding], cleared, 'far above the usual of this weekday', today);
  },

  severityNow: () => null,
} satisfies RuleKind<SpikeParams, SpikeState>;

function answer(
  fired: readonly Finding[],
  cleared: readonly string[],
  reason: string,
  day: LocalDay | null,
): { evaluation: Evaluation; state: SpikeState } {
  return { evaluation: { fired, cleared, reason }, state: { day } };
}

/** Returns the consumption of the same weekday in earlier weeks. A day with a net correction counts as 0. */
function sameWeekday(days: readonly DayConsumption[], today: LocalDay): readonly bigint[] {
  return days.filter(({ day }) => day < today && (today - day) % 7 === 0).map(({ consumed }) => (consumed > 0n ? consumed : 0n));
}

/** Returns the median absolute deviation, at least a tenth of the median: no consumption is so even that a little more is news. */
function spreadOf(days: readonly bigint[], usual: bigint): bigint {
  const deviation = median(days.map((one) => (one > usual ? one - usual : usual - one)));
  return deviation > usual / 10n ? deviation : usual / 10n;
}

/** Returns the median; for an even number of days, the mean of the middle two, rounded down. */
function median(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n, sorted[Math.floor(sorted.length / 2)] ?? 0n];
  return (low + high) / 2n;
}

/** Returns the minimum in the smallest unit, rounded up; null for a share of nothing. */
function minimumOf({ perMille, amount }: SpikeParams['minimum'], { meter, reading, filled }: SeverityInput): bigint | null {
  if (perMille === undefined) {
    const unit = inMillionths(1n, meter);
    return (BigInt(amount ?? 0) + unit - 1n) / unit;
  }
  const measured = measure(meter, reading, filled);
  return measured && (measured.of * BigInt(perMille) + 999n) / 1000n;
}
