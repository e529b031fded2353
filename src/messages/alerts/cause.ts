import { formatAmount } from '../../core/meters/amount.ts';
import type { Cause } from '../../core/meters/classify-change.ts';

/** Words a change of figures that was not consumption: `topped up by 1,500,000`. */
export function causeText({ kind, amount }: Cause, decimals: number): string {
  const exact = formatAmount(amount, decimals);
  switch (kind) {
    case 'top-up':
      return `topped up by ${exact}`;
    case 'plan-cut':
      return `the total was cut by ${exact}`;
    case 'correction':
      return `the figures were corrected: ${exact} less used`;
  }
}
