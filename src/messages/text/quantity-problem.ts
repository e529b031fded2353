import type { QuantityProblem } from '../../core/meters/quantity.ts';
import { amountProblemText } from './amount-problem.ts';
import { figureProblemText } from './figure-problem.ts';

/** Why a typed amount is not understood. The text follows the amount: `"1e6" is in scientific notation: …`. */
export function quantityProblemText(problem: QuantityProblem): string {
  switch (problem.code) {
    case 'not-an-amount':
      return 'is not an amount such as 50k, 1.5M or 50,000';
    case 'share':
      return 'is a percentage: write an amount such as 50k';
    case 'scientific':
      return 'is in scientific notation: write it out, such as 1M or 1,000,000';
    case 'two-readings':
      return 'can be read in two ways: write 1.5M for one and a half million, 50,000 or 50k for fifty thousand';
    case 'more-than-any':
      return 'is too large';
    case 'nothing':
      return 'is zero: say how much you need';
    case 'negative':
      return 'is negative: say how much you need';
    case 'unknown-ending':
      return `ends in "${problem.ending}", which I don't know: use k, M or B for thousand, million or billion`;
    case 'odd-groups':
    case 'ambiguous':
      return figureProblemText(problem);
    default:
      return amountProblemText(problem);
  }
}
