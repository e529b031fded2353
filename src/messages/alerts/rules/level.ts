import { formatAmount } from '../../../core/meters/amount.ts';
import { AMOUNT_DECIMALS, amountOf, type Level } from '../../../core/rules/level.ts';
import { withoutTrailingZeros } from '../../../core/text/text-end.ts';

/** `80%`, `50,000`. */
export function levelText(one: Level): string {
  return one.perMille === undefined ? withoutTrailingZeros(formatAmount(amountOf(one), AMOUNT_DECIMALS)) : shareText(one.perMille);
}

/** A share in tenths of a percent: `99.5%`. */
export function shareText(perMille: number): string {
  return `${perMille / 10}%`;
}
