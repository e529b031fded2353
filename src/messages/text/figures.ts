import { formatAmount, formatPercent } from '../../core/meters/amount.ts';
import { isBalance } from '../../core/meters/balance.ts';
import { lacksTotal, type Reading } from '../../core/meters/reading.ts';
import { dayOf } from '../../core/time/days.ts';

type Figures = Pick<Reading, 'used' | 'total' | 'isTotalUnknown' | 'isAtLeast'>;
type Named = { readonly unit: string; readonly decimals: number };
type Resetting = { readonly decimals: number; readonly resets: boolean };

/**
 * `1,614 / 1,000,000 credits`; `at least 8,000 / 10,000 credits` for a lower bound; `7 credits over, total not known`, or
 * `0 credits left, …`; without an allowance `494,936 visitors`.
 */
export function totalWithUnit({ unit, decimals }: Named, { used, total, isTotalUnknown = false, isAtLeast = false }: Figures): string {
  const counted = `${isAtLeast ? AT_LEAST : ''}${formatAmount(used, decimals)}`;
  const figures = total === null || isTotalUnknown ? counted : `${counted} / ${formatAmount(total, decimals)}`;
  const withUnit = unit === '' ? figures : `${figures} ${unit}`;
  return isTotalUnknown ? `${withUnit} ${used === 0n ? 'left' : 'over'}, total not known` : withUnit;
}

const AT_LEAST = 'at least ';

/** `1,614 / 1,000,000 credits used`; without an allowance `494,936 visitors used`. Exact, never rounded. */
export function usedOfTotal(meter: Named, reading: Figures): string {
  return reading.isTotalUnknown ? totalWithUnit(meter, reading) : `${totalWithUnit(meter, reading)} used`;
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
 * `80%`; `unlimited` without an allowance, and for a lower bound `total not known`. If the allowance is 0, there is no share: `over`, or
 * `none included` if nothing is used.
 */
export function share({ used, total, isTotalUnknown = false, isAtLeast = false }: Figures): string {
  if (lacksTotal({ total, isAtLeast })) return 'total not known';
  const percent = formatPercent(used, total);
  if (percent !== null) return isAtLeast ? `${AT_LEAST}${percent}` : percent;
  return total === null ? 'unlimited' : used > 0n ? 'over' : isTotalUnknown ? 'used up' : 'none included';
}

/** The figure that describes a meter best: its share; for a balance what is left, because a share of all credits ever bought means little. */
export function howMuch(meter: Resetting, reading: Reading): string {
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
  return [usedOfTotal(meter, reading), seen, left].filter((part) => part !== null).join(' · ');
}

const CELLS = 10n;

/** `▓▓▓▓▓▓▓▓░░`, one cell for each full tenth; null below a tenth, where the bar would be empty, and for a balance. */
export function bar(meter: Pick<Resetting, 'resets'>, reading: Reading): string | null {
  const { used, total } = reading;
  if (total === null || total === 0n || isBalance(meter, reading)) return null;
  const tenths = (used * CELLS) / total;
  if (tenths < 1n) return null;
  const full = Number(tenths > CELLS ? CELLS : tenths);
  return '▓'.repeat(full) + '░'.repeat(Number(CELLS) - full);
}
