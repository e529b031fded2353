import type { AmountProblem } from '../../core/meters/amount.ts';

/** Why an amount is rejected. The text follows the amount or its field: `used is negative`. */
export function amountProblemText(problem: AmountProblem): string {
  switch (problem.code) {
    case 'not-finite':
      return 'is not a finite number';
    case 'beyond-safe-integers':
      return 'is beyond 2^53: send it as a string';
    case 'not-a-decimal':
      return 'is not a decimal number such as 1614 or "25.75"';
    case 'part-of-a-unit':
      return 'has digits after the point, but the meter counts whole units';
    case 'too-many-digits':
      return `has more than ${String(problem.decimals)} ${problem.decimals === 1 ? 'digit' : 'digits'} after the point`;
    case 'negative':
      return 'is negative';
    case 'too-large':
      return 'is larger than 2^63 - 1';
  }
}
