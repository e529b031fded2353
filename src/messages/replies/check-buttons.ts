import type { MeterNow } from '../../core/status/meter-status.ts';
import { pasteButton } from '../forms/import.ts';
import { setResetDayButton } from '../forms/reset-day.ts';
import type { Button } from '../../core/text/message.ts';
import type { CheckResult } from '../../core/check/check.ts';

/**
 * The button after a check: requests credits if they do not suffice, pastes figures if they are old, or shares a good answer.
 *
 * @param name the meter's full name
 * @param question the command that asks the same again in public; null if only the requester reads there
 */
export function checkButtons(
  answers: readonly { readonly now: MeterNow; readonly name: string; readonly checkResult: CheckResult }[],
  question: string | null,
): readonly Button[] {
  const helps = answers.map(({ now, name, checkResult }): Button | null => {
    switch (checkResult.verdict) {
      case 'fits-until':
      case 'does-not-fit':
        return { action: 'request', label: 'Request credits', value: name };
      case 'cannot-say':
        if (checkResult.reason === 'no-reset-day') return setResetDayButton(now.source.id);
        return now.source.kind === 'import' ? pasteButton(now.source.id) : null;
      default:
        return null;
    }
  });
  const first = helps.find((button) => button !== null);
  if (first) return [first];
  return question === null || helps.length === 0 ? [] : [{ action: 'share', label: 'Share', value: question }];
}
