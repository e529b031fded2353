import { formatAmount } from './amount.ts';
import { withoutTrailingZeros } from '../text/text-end.ts';

/** Paces and needs are estimates, so more than three digits would be false precision. */
const DIGITS = 3;

/** Formats an estimate: `45,700`, `1.5`, `0.25`. */
export function approximate(amount: bigint, decimals: number): string {
  return written(rounded(amount, 'nearest'), decimals);
}

/** Formats an estimate, rounded up, for amounts that are needed. */
export function atLeast(amount: bigint, decimals: number): string {
  return written(rounded(amount, 'up'), decimals);
}

function rounded(amount: bigint, way: 'nearest' | 'up'): bigint {
  const size = amount.toString().replace('-', '').length;
  const unit = 10n ** BigInt(Math.max(0, size - DIGITS));
  const add = way === 'up' ? unit - 1n : unit / 2n;
  return ((amount < 0n ? amount - add : amount + add) / unit) * unit;
}

function written(amount: bigint, decimals: number): string {
  const text = formatAmount(amount, decimals);
  return withoutTrailingZeros(text);
}
