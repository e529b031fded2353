import { cutAmount, LARGEST_AMOUNT, parseAmount } from './amount.ts';
import { periodAt } from '../time/period.ts';
import type { PeriodSpec } from '../time/period-spec.ts';
import type { ReadingProblem } from './reading-problem.ts';
import { inZone, type DraftReading, type Reading } from './reading.ts';
import { err, ok, type Result } from '../result.ts';

/** Known values of a meter and its source that a reading may omit. */
export type ReadingDefaults = {
  readonly decimals: number;
  /** True for polled readings: extra decimals are rounded so that no level is reached early. Otherwise they are an error. */
  readonly cuts: boolean;
  /** The total of the current reading, null if it is unlimited; undefined if there is none or it is not known. */
  readonly lastTotal: bigint | null | undefined;
  /** The most that was ever left, if the current reading tells only what is left. */
  readonly mostLeft?: bigint | undefined;
  /** The total that a person stated; null if none did. */
  readonly statedTotal: bigint | null;
  readonly periodSpec: PeriodSpec | null;
  readonly timeZone: string;
};

const NOT_SENT = ok(null);

/**
 * Completes a draft: `used` as total - remaining if only remaining was sent; the total as used + remaining if both were sent, else the
 * stated or last known one; the period from the source's recurrence. Sent figures are never changed. For figures of a notice, see
 * `completeNotice`.
 */
export function completeReading(draft: DraftReading, defaults: ReadingDefaults): Result<Reading, ReadingProblem> {
  // Rounds so that neither `used` nor its share comes out too high.
  const [sentUsed, sentRemaining, sentTotal] = [
    optionalAmount('used', draft.used, 'down', defaults),
    optionalAmount('remaining', draft.remaining, 'up', defaults),
    optionalAmount('total', draft.total, draft.used === undefined ? 'down' : 'up', defaults),
  ];
  if (!sentUsed.ok) return sentUsed;
  if (!sentRemaining.ok) return sentRemaining;
  if (!sentTotal.ok) return sentTotal;
  const [used, remaining] = [sentUsed.value, sentRemaining.value];
  const isOfParts = [draft.used, draft.remaining, draft.total].some((figure) => String(figure ?? '').includes('.'));
  if (!addsUp(used, remaining, sentTotal.value, isOfParts))
    return err({ code: 'do-not-add-up', used: draft.used, remaining: draft.remaining, total: draft.total });
  const total =
    draft.total === undefined
      ? (together(used, remaining, defaults) ?? knownTotal(remaining, defaults) ?? statedInFile(draft, defaults))
      : sentTotal.value;
  if (total !== null && total > LARGEST_AMOUNT) return err({ code: 'sum-too-large' });
  const seen = seenOf(draft, defaults);
  if (used !== null) {
    // Not told is not unlimited, unless the vendor said so before.
    const isUnknown = total === null && draft.total === undefined && defaults.lastTotal === undefined;
    return ok(isUnknown ? { used, total, isTotalUnknown: true, ...seen } : { used, total, ...seen });
  }
  if (remaining === null) return err({ code: 'used-and-remaining-missing' });
  if (draft.total === null) return err({ code: 'remaining-of-unlimited' });
  if (total === null || (draft.total === undefined && remaining > total)) return aloneLeft(remaining, defaults, seen);
  if (remaining > total) return err({ code: 'remaining-above-total' });
  if (total - remaining > LARGEST_AMOUNT) return err({ code: 'difference-too-large' });
  return ok({ used: total - remaining, total, ...seen });
}

/** Completes a reading that tells only what is left. Consumption is counted from the most that was ever left. */
function aloneLeft(
  remaining: bigint,
  { mostLeft = 0n }: ReadingDefaults,
  seen: Pick<Reading, 'observedAt' | 'period' | 'isCoarse'>,
): Result<Reading, ReadingProblem> {
  // Of an allowance, nothing may be included. Of a balance, nothing left is used up.
  if (remaining === 0n && mostLeft === 0n && seen.period !== null) return ok({ used: 0n, total: 0n, ...seen });
  const most = remaining > mostLeft ? remaining : mostLeft;
  if (most - remaining > LARGEST_AMOUNT) return err({ code: 'difference-too-large' });
  return ok({ used: most - remaining, total: most, isTotalUnknown: true, ...seen });
}

/** Returns when a draft was observed, and the period of that time. */
export function seenOf(
  draft: DraftReading,
  { periodSpec, timeZone }: ReadingDefaults,
): Pick<Reading, 'observedAt' | 'period' | 'isCoarse'> {
  const { observedAt, isCoarse } = inZone(draft, timeZone);
  const period = draft.period ?? (periodSpec && periodAt(periodSpec, observedAt, timeZone));
  return isCoarse ? { observedAt, period, isCoarse } : { observedAt, period };
}

/** Returns the total that the file states for a meter of notices; null if it states none that fits its decimals. */
export function statedInFile({ notice }: DraftReading, { decimals }: ReadingDefaults): bigint | null {
  const total = notice?.statedTotal === undefined ? null : parseAmount(notice.statedTotal, decimals);
  return total?.ok === true ? total.value : null;
}

/** Whether three figures agree. Vendors also report 0 remaining when usage exceeds the total. Rounded fractions may differ by one. */
function addsUp(used: bigint | null, remaining: bigint | null, total: bigint | null, isOfParts: boolean): boolean {
  if (used === null || remaining === null || total === null || (remaining === 0n && used >= total)) return true;
  const off = used + remaining - total;
  const mayBeOff = isOfParts ? 1n : 0n;
  return off <= mayBeOff && off >= -mayBeOff;
}

/** Returns the total as used + remaining. With 0 remaining, usage may exceed the total, so a known total is kept. */
function together(used: bigint | null, remaining: bigint | null, { lastTotal = null }: ReadingDefaults): bigint | null {
  if (used === null || remaining === null) return null;
  if (remaining === 0n && lastTotal !== null) return null;
  return used + remaining < 0n ? null : used + remaining;
}

/** The stated total, unless more is left than that: then credits were bought since it was stated, and the readings know better. */
export function knownTotal(remaining: bigint | null, { statedTotal, lastTotal = null }: ReadingDefaults): bigint | null {
  return statedTotal !== null && (remaining === null || remaining <= statedTotal) ? statedTotal : lastTotal;
}

/** Returns the magnitude of a negative amount, which `remaining` may be if usage exceeds the total; null otherwise. */
function magnitudeBelowZero(amount: number | string): number | string | null {
  if (typeof amount === 'number') return amount < 0 ? -amount : null;
  const text = amount.trim();
  return text.startsWith('-') ? text.slice(1) : null;
}

/** Parses an amount of a draft; null if it has none. */
export function optionalAmount(
  field: 'used' | 'remaining' | 'total',
  raw: number | string | null | undefined,
  towards: 'down' | 'up',
  { cuts, decimals }: ReadingDefaults,
): Result<bigint | null, ReadingProblem> {
  if (raw === undefined || raw === null) return NOT_SENT;
  const amount = cuts ? cutAmount(raw, decimals, towards) : raw;
  const below = field === 'remaining' ? magnitudeBelowZero(amount) : null;
  const result = parseAmount(below ?? amount, decimals);
  if (result.ok) return below === null ? result : ok(-result.value);
  return err({ code: 'bad-amount', field, problem: result.error });
}
