import type { NotRead } from '../../core/time/parse-date.ts';
import type { DeadlineProblem } from '../../core/time/parse-deadline.ts';

/** Why a text is not understood as a time. The result follows that text. */
export function timeProblemText(problem: NotRead): string {
  switch (problem.why) {
    case 'no-such-day':
      return 'is not in the calendar';
    case 'no-time':
      return 'is not a time I can read: write it as 2026-11-23T08:00:00Z';
    case 'two-days':
      return `could be ${problem.days.join(' or ')}: write the day as ${problem.days[0] ?? '2026-04-03'}`;
  }
}

const DATES = 'write it as 5 dec, 2026-12-05, friday or tomorrow';

/** Why a typed deadline is not understood, as a sentence. */
export function deadlineProblemText(text: string, problem: DeadlineProblem): string {
  switch (problem.code) {
    case 'empty':
      return `By when? After "by", ${DATES}.`;
    case 'not-a-date':
      return `"${text}" is not a date I can read: ${DATES}.`;
    case 'no-such-day':
      return `"${text}" is not in the calendar.`;
    case 'past':
      return `"${text}" is in the past.`;
    case 'too-far':
      return `"${text}" is more than ${String(problem.mostYears)} years away.`;
  }
}
