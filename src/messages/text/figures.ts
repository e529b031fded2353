import { formatAmount, formatPercent } from '../../core/meters/amount.ts';
import { isBalance } from '../../core/meters/balance.ts';
import type { Reading } from '../../core/meters/reading.ts';

type Figures = Pick<Reading, 'used' | 'total' | 'isTotalUnknown'>;
type Named = { readonly unit: string; readonly decimals: number };
type Resetting = { readonly decimals: number; readonly resets: boolean };

/** `1,614 / 1,000,000 credits`; `7 credits over, total not known`, or `0 credits left, …`; without an allowance `494,936 visitors`. */
export function totalWithUnit({ unit, decimals }: Named, { used, total, isTotalUnknown = false }: Figures): string {
  const figures =
    total === null || isTotalUnknown ? formatAmount(used, decimals) : `${formatAmount(used, decimals)} / ${formatAmount(total, decimals)}`;
  const counted = unit === '' ? figures : `${figures} ${unit}`;
  return isTotalUnknown ? `${counted} ${used === 0n ? 'left' : 'over'}, total not known` : counted;
}

/** `1,614 / 1,000,000 credits used`; without an allowance `494,936 visitors used`. Exact, never rounded. */
export function usedOfTotal(meter: Named, reading: Figures): string {
  return reading.isTotalUnknown ? totalWithUnit(meter, reading) : `${totalWithUnit(meter, reading)} used`;
}

/** `196,588 left`, `214 over`, or null without an allowance. */
export function leftOrOver({ decimals }: Pick<Named, 'decimals'>, { used, total, isTotalUnknown = false }: Figures): string | null {
  if (total === null || isTotalUnknown) return null;
  return used <= total ? `${formatAmount(total - used, decimals)} left` : `${formatAmount(used - total, decimals)} over`;
}

/** `80%`; `unlimited` without an allowance. If the allowance is 0, there is no share: `over`, or `none included` if nothing is used. */
export function share({ used, total, isTotalUnknown = false }: Figures): string {
  return formatPercent(used, total) ?? (total === null ? 'unlimited' : used > 0n ? 'over' : isTotalUnknown ? 'used up' : 'none included');
}

/** The figure that describes a meter best: its share; for a balance what is left, because a share of all credits ever bought means little. */
export function howMuch(meter: Resetting, reading: Reading): string {
  return (isBalance(meter, reading) ? leftOrOver(meter, reading) : null) ?? share(reading);
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
