import type { FigureProblem } from '../../core/text/numbers/figures.ts';

/** Why a number is rejected and what to write instead. The text follows the number. */
export function figureProblemText(problem: FigureProblem): string {
  return `${figureProblemReason(problem)}: ${remedy(problem)}`;
}

/** Only why it is rejected, for a number that a program wrote. */
export function figureProblemReason(problem: FigureProblem): string {
  switch (problem.code) {
    case 'odd-groups':
      return 'does not group its digits by three';
    case 'ambiguous':
      return `could be ${problem.less} or ${problem.more}`;
    case 'two-currencies':
      return `is in ${problem.currency}, and another figure is in ${problem.other}`;
    case 'other-unit':
      return `is in ${problem.currency}, but its unit is ${problem.unit}`;
    case 'unclear-magnitude':
      return `ends in "${problem.magnitude}", which has more than one meaning`;
    case 'contradictory-marks':
      return `and ${problem.other} use points and commas in contradictory ways`;
  }
}

function remedy(problem: FigureProblem): string {
  switch (problem.code) {
    case 'odd-groups':
      return `write ${problem.digits}, or a point before the fraction`;
    case 'ambiguous':
      return `write ${problem.more}, or ${problem.less.includes('.') ? `${problem.less}0` : problem.less}`;
    case 'two-currencies':
    case 'other-unit':
      return 'write both in one currency';
    case 'unclear-magnitude':
      return 'write the number out';
    case 'contradictory-marks':
      return 'write both without separators';
  }
}
