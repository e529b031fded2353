import { formatAmount, formatPercent } from '../../core/meters/amount.ts';
import { isBalance } from '../../core/meters/balance.ts';
import { knownTotalOf, lacksTotal, leftAlone, type Reading } from '../../core/meters/reading.ts';
import { dayOf } from '../../core/time/days.ts';

type Figures = Pick<Reading, 'used' | 'total' | 'isTotalUnknown' | 'isAtLeast'>;
type Named = { readonly unit: string; readonly decimals: number };
type Resetting = { readonly decimals: number; readonly resets: boolean };

/**
 * `1,614 / 1,000,000 credits`; `at least 8,000 / 10,000 credits` for a lower bound; if only what is left is known,
 * `1,234 credits left, total not known` or `7 credits over, …`; without an allowance `494,936 visitors`.
 */
export function totalWithUnit({ unit, decimals }: Named, reading: Figures): string {
  const left = leftAlone(reading);
  const total = knownTotalOf(reading);
  const amount = left === null ? reading.used : left < 0n ? -left : left;
  const counted = `${reading.isAtLeast ? AT_LEAST : ''}${formatAmount(amount, decimals)}`;
  const figures = total === null ? counted : `${counted} / ${formatAmount(total, decimals)}`;
  const withUnit = unit === '' ? figures : `${figures} ${unit}`;
  return left === null ? withUnit : `${withUnit} ${left < 0n ? 'over' : 'left'}, total not known`;
}

const AT_LEAST = 'at least ';

/** `1,614 / 1,000,000 credits used`; without an allowance `494,936 visitors used`. Exact, never rounded. */
export function usedOfTotal(meter: Named, reading: Figures): string {
  return leftAlone(reading) !== null ? totalWithUnit(meter, reading) : `${totalWithUnit(meter, reading)} used`;
}

/** Figures with their share: `1,614 / 1,000,000 credits used · 0.1%`. If they already say that the total is not known, that is said once. */
export function usedAndShare(meter: Named, reading: Figures): string {
  return withoutRepeat(usedOfTotal(meter, reading), share(reading), reading);
}

/** The same with the figure that describes the meter best, and for a lower bound its mail. */
export function usedAndHowMuch(meter: Named & Resetting, reading: Reading, timeZone: string): string {
  return withoutRepeat(usedOfTotal(meter, reading), howMuchSeen(meter, reading, timeZone), reading);
}

/** The same without the unit and the word `used`. */
export function briefFigures(meter: Resetting, reading: Reading, timeZone: string): string {
  return withoutRepeat(totalWithUnit({ ...meter, unit: '' }, reading), howMuchSeen(meter, reading, timeZone), reading);
}

function withoutRepeat(figures: string, meaning: string, reading: Figures): string {
  return (leftAlone(reading) ?? 0n) > 0n ? figures : `${figures} · ${meaning}`;
}

/** `196,588 left`, `214 over`, for a lower bound `at most 196,588 left`, or null without an allowance. */
export function leftOrOver(
  { decimals }: Pick<Named, 'decimals'>,
  { used, total, isTotalUnknown = false, isAtLeast }: Figures,
): string | null {
  if (total === null || isTotalUnknown) return null;
  if (isAtLeast && used === total) return 'nothing left';
  return used <= total
    ? `${isAtLeast ? 'at most ' : ''}${formatAmount(total - used, decimals)} left`
    : `${isAtLeast ? AT_LEAST : ''}${formatAmount(used - total, decimals)} over`;
}

/**
 * `80%`; `unlimited` without an allowance; `total not known`, or `used up` if nothing is left of such a total. If the allowance is 0, there is no share: `over`, or
 * `none included` if nothing is used.
 */
export function share(reading: Figures): string {
  const { used, total, isAtLeast = false } = reading;
  const left = leftAlone(reading);
  if (left !== null && left <= 0n) return left < 0n ? 'over' : 'used up';
  if (lacksTotal(reading)) return 'total not known';
  const percent = formatPercent(used, total);
  if (percent !== null) return isAtLeast ? `${AT_LEAST}${percent}` : percent;
  return total === null ? 'unlimited' : used > 0n ? 'over' : 'none included';
}

/**
 * The figure that describes a meter best: its share; for a balance, and if nothing else is known, what is left, because a share of all
 * credits ever bought means little.
 */
export function howMuch(meter: Resetting, reading: Reading): string {
  const left = leftAlone(reading);
  if (left !== null && left > 0n) return `${formatAmount(left, meter.decimals)} left`;
  return (isBalance(meter, reading) ? leftOrOver(meter, reading) : null) ?? share(reading);
}

/**
 * The same, and for a lower bound where it comes from: `at least 80% (mail of 3 Dec)`.
 *
 * @param timeZone the account's zone, in which the day is worded
 */
export function howMuchSeen(meter: Resetting, reading: Reading, timeZone: string): string {
  return reading.isAtLeast ? `${howMuch(meter, reading)} (mail of ${dayOf(reading.observedAt, timeZone)})` : howMuch(meter, reading);
}

/** `803,412 / 1,000,000 credits used · 196,588 left`; for a lower bound also the share, and the mail that it comes from. */
export function figuresText(meter: Named & Resetting, reading: Reading, timeZone: string): string {
  const seen = reading.isAtLeast ? howMuchSeen(meter, reading, timeZone) : null;
  const left = seen !== null && isBalance(meter, reading) ? null : leftOrOver(meter, reading);
  const unknown = reading.isTotalUnknown && reading.total === null ? share(reading) : null;
  return [usedOfTotal(meter, reading), seen ?? unknown, left].filter((part) => part !== null).join(' · ');
}

const CELLS = 10n;

/** `▓▓▓▓▓▓▓▓░░`, one cell for each full tenth; null below a tenth, where the bar would be empty, and for a balance. */
export function bar(meter: Pick<Resetting, 'resets'>, reading: Reading): string | null {
  const { used } = reading;
  const total = knownTotalOf(reading);
  if (total === null || total === 0n || isBalance(meter, reading)) return null;
  const tenths = (used * CELLS) / total;
  if (tenths < 1n) return null;
  const full = Number(tenths > CELLS ? CELLS : tenths);
  return '▓'.repeat(full) + '░'.repeat(Number(CELLS) - full);
}
