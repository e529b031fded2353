import { intervalText } from '../../core/time/interval.ts';
import type { PollLedger } from '../../core/meters/poll.ts';
import { richText, strong, when, type RichText } from '../../core/text/rich-text.ts';

/** A line for each polled source that fails, or of which some figures cannot be read, because its figures may be old. */
export function failingPolls(polls: readonly PollLedger[]): readonly RichText[] {
  return polls.flatMap(({ source, failures, problem, lastSuccessAt }) => {
    if (problem === null) return [];
    if (failures === 0) return [richText`⚪ ${strong(source)}: some figures cannot be read (${problem.reason})`];
    return [
      richText`⚪ ${strong(source)}: ${lastSuccessAt ? richText`no figures since ${when(lastSuccessAt)}` : 'no figures yet'} (${problem.reason})`,
    ];
  });
}

/** The state of one polled source, for the operator. */
export function pollState({ everyMs, dueAt, lastSuccessAt, failures, problem }: PollLedger): RichText {
  const last = lastSuccessAt ? richText`last success ${when(lastSuccessAt)}` : 'no success yet';
  const times = richText`${last}, next poll ${when(dueAt)}`;
  if (problem === null) return richText`polled every ${intervalText(everyMs)}, ${times}`;
  const again = failures > 1 ? ` (${failures} times in a row)` : '';
  return richText`${sentence(problem.reason)}${again}, ${when(problem.at)}. ${problem.remedy} (${times})`;
}

/** A reason at the beginning of a sentence. */
export function sentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
