import { LARGEST_AMOUNT, parseAmount } from './amount.ts';
import { classifyChange, hasLargerTotal } from './classify-change.ts';
import { completeReading, knownTotal, optionalAmount, seenOf, statedInFile, type ReadingDefaults } from './complete-reading.ts';
import { doubtOfBalance, type Known } from './doubt.ts';
import { mayBeOfPeriodBefore } from './near-reset.ts';
import type { ReadingProblem } from './reading-problem.ts';
import type { DraftNotice, DraftReading, Reading } from './reading.ts';
import { err, ok, type Result } from '../result.ts';

export type NoticeDefaults = ReadingDefaults & {
  /** The current reading of the meter; null if it has none. */
  readonly current: Pick<Known, 'reading' | 'periodBeganAt'> | null;
};

/** Thousandths of a percent in the whole. */
const WHOLE = 100_000n;

/**
 * Completes the figures of a notice by mail. A share is a lower bound, and so is an amount that is not certain: one without a total, one
 * that came later than newer figures, and one that would lower what is known. A mail may be written with older figures than its date says.
 * Within the time after a reset in which it may be about the period before, it is rejected.
 */
export function completeNotice(draft: DraftReading, notice: DraftNotice, defaults: NoticeDefaults): Result<Reading, ReadingProblem> {
  const { current, lastTotal } = defaults;
  // A lower bound without a total does not say that there is none.
  const by = lastTotal === null && current?.reading.isAtLeast ? { ...defaults, lastTotal: undefined } : defaults;
  const exact = notice.isAtLeast ? null : completeAmount(draft, by);
  if (exact?.ok === false) return exact;
  const reading = exact !== null && isCertain(exact.value, by) ? exact : withKnownUse(completeLowerBound(draft, notice, by), draft, by);
  return reading.ok && mayBeOfPeriodBefore(reading.value, current?.reading ?? null) ? err({ code: 'too-near-reset' }) : reading;
}

/** Of a balance, what is left is a figure of its own. Elsewhere it needs a total. */
function completeAmount(draft: DraftReading, defaults: NoticeDefaults): Result<Reading, ReadingProblem> {
  const result = completeReading(draft, defaults);
  if (!result.ok || isBalance(defaults) || draft.used !== undefined || typeof draft.total === 'number' || typeof draft.total === 'string')
    return result;
  const remaining = optionalAmount('remaining', draft.remaining, 'up', defaults);
  if (!remaining.ok || remaining.value === null) return result;
  const total = totalOf(draft, remaining.value, defaults);
  if (total === null) return err({ code: 'total-missing' });
  return remaining.value > total ? err({ code: 'remaining-above-total' }) : result;
}

function isBalance({ periodSpec }: NoticeDefaults): boolean {
  return periodSpec?.every === 'none';
}

/** Whether an amount is what a usage page would show: with a total, neither late nor doubtful, and not below what is known of its period. */
function isCertain(reading: Reading, defaults: NoticeDefaults): boolean {
  const { current } = defaults;
  if (reading.total === null) return false;
  if (current === null) return true;
  const { reading: before, periodBeganAt } = current;
  if (reading.observedAt <= before.observedAt) return false;
  // A balance that is suddenly empty waits for the next figure to confirm it, and a vendor writes once.
  if (isBalance(defaults) && doubtOfBalance(before, reading) !== null) return false;
  const change = classifyChange(before, reading, { resets: !isBalance(defaults), periodBeganAt });
  if (change === 'presumed-reset') return before.period === null;
  return change !== 'correction';
}

/**
 * Completes a lower bound. A share and a rest need the total. If the notice states one, they are parts of that, and it counts where it is
 * larger than the known one: a lower bound never makes the total smaller, which could reach a level before the vendor's figures do.
 */
function completeLowerBound(draft: DraftReading, { share }: DraftNotice, defaults: NoticeDefaults): Result<Reading, ReadingProblem> {
  const [used, remaining, sent] = [
    optionalAmount('used', draft.used, 'down', defaults),
    optionalAmount('remaining', draft.remaining, 'up', defaults),
    optionalAmount('total', draft.total, 'up', defaults),
  ];
  if (!used.ok) return used;
  if (!remaining.ok) return remaining;
  if (!sent.ok) return sent;
  const before = totalOf(draft, remaining.value, defaults);
  const total = before === null || (sent.value !== null && sent.value > before) ? sent.value : before;
  const seen = { ...seenOf(draft, defaults), isAtLeast: true };
  if (used.value !== null) return ok({ used: used.value, total, ...seen });
  const whole = sent.value ?? before;
  if (whole === null) return err({ code: 'total-missing' });
  if (remaining.value !== null)
    return remaining.value > whole ? err({ code: 'remaining-above-total' }) : ok({ used: whole - remaining.value, total, ...seen });
  const part = parseAmount(share ?? '', 3);
  if (!part.ok) return err({ code: 'bad-amount', field: 'used', problem: part.error });
  // Rounded up: a notice of 80% says that 80% is reached.
  const atLeast = (whole * part.value + WHOLE - 1n) / WHOLE;
  return atLeast > LARGEST_AMOUNT ? err({ code: 'sum-too-large' }) : ok({ used: atLeast, total, ...seen });
}

/**
 * An upgrade told with less used than is known raises the total, and does not lower what is used: of 900 / 1,000, a notice of 800 / 5,000
 * makes at least 900 / 5,000. A new period begins with its own figures.
 */
function withKnownUse(
  bound: Result<Reading, ReadingProblem>,
  draft: DraftReading,
  defaults: NoticeDefaults,
): Result<Reading, ReadingProblem> {
  const { current } = defaults;
  if (!bound.ok || current === null || draft.total === undefined || draft.total === null) return bound;
  const { reading: before, periodBeganAt } = current;
  const { used, observedAt } = bound.value;
  if (!hasLargerTotal(before, bound.value) || used >= before.used || observedAt <= before.observedAt) return bound;
  const change = classifyChange(before, bound.value, { resets: !isBalance(defaults), periodBeganAt });
  return change === 'reset' ? bound : ok({ ...bound.value, used: before.used });
}

/**
 * The total that is known without the notice: stated in chat, unless more is left than that, of earlier figures, or, if those tell nothing,
 * of the file.
 */
function totalOf(draft: DraftReading, remaining: bigint | null, defaults: NoticeDefaults): bigint | null {
  return knownTotal(remaining, defaults) ?? (defaults.lastTotal === undefined ? statedInFile(draft, defaults) : null);
}
