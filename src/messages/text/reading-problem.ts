import type { ReadingProblem } from '../../core/meters/reading-problem.ts';
import { amountProblemText } from './amount-problem.ts';
import { duration } from './duration.ts';
import { timeProblemText } from './time-problem.ts';

/** Why a reading is rejected: one sentence that names the field, without its full stop. */
export function readingProblemText(problem: ReadingProblem): string {
  switch (problem.code) {
    case 'not-an-object':
      return 'a reading must be an object';
    case 'unknown-fields':
      return `${problem.fields.map((field) => `"${field}"`).join(', ')} ${problem.fields.length === 1 ? 'is not a field' : 'are not fields'} of a reading (${problem.known.join(', ')})`;
    case 'field-missing':
      return `${problem.field} is required`;
    case 'wrong-type':
      return `${problem.field} has the wrong type`;
    case 'bad-name':
      return `${problem.field} must have 1 to 200 characters, none of them a slash, a control character or invisible`;
    case 'bad-decimals':
      return `decimals must be a whole number from 0 to ${String(problem.most)}`;
    case 'not-an-amount':
      return `${problem.field} must be a number or a decimal string`;
    case 'bad-amount': {
      // Some vendors write -1 for unlimited. A guess between that and a mistake would often be wrong.
      const hint = problem.field === 'total' && problem.problem.code === 'negative' ? ': null means unlimited' : '';
      return `${problem.field} ${amountProblemText(problem.problem)}${hint}`;
    }
    case 'bad-time':
      return problem.problem.why === 'no-time' || problem.problem.why === 'no-zone'
        ? `${problem.field} must be an ISO 8601 time with a zone, such as 2026-11-23T08:00:00Z`
        : `${problem.field} ${timeProblemText(problem.problem)}`;
    case 'off-calendar':
      return `${problem.field} must lie in the years 1 to 9999`;
    case 'ahead-of-clock': {
      const clock = `${problem.arrivedAt.toISOString().slice(0, 19)}Z`;
      // Both times, so that the reader can tell which clock is off.
      return `observedAt is ${duration(problem.arrivedAt, problem.observedAt)} ahead of this server's clock (${clock}): check the clock of the sender, then the clock of this server`;
    }
    case 'period-not-forward':
      return 'period.start is not before period.end';
    case 'used-and-remaining-missing':
      return 'used or remaining is required';
    case 'total-missing':
      return 'the notice gives a share, but the total is not known: state total of the meter in creditwatch.yml or with /usage total, or paste its usage page';
    case 'too-near-reset':
      return 'the mail came within a day of a reset, so it may be about the period before';
    case 'do-not-add-up':
      return `used ${String(problem.used)}, remaining ${String(problem.remaining)} and total ${String(problem.total)} do not add up`;
    case 'sum-too-large':
      return 'the sum of used and remaining is larger than 2^63 - 1';
    case 'difference-too-large':
      return 'total minus remaining is larger than 2^63 - 1';
    case 'remaining-of-unlimited':
      return 'remaining has no meaning when total is null (unlimited): send used';
    case 'remaining-above-total':
      return 'remaining is more than total';
  }
}
