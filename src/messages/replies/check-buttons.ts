import type { MeterNow } from '../../core/status/meter-status.ts';
import { pasteButton } from '../forms/import.ts';
import { setResetDayButton } from '../forms/reset-day.ts';
import type { Button } from '../../core/text/message.ts';
import type { CheckResult } from '../../core/check/check.ts';

/**
 * What helps after a pre-flight: more credits where it does not fit, figures where they are old. Good news can be shared.
 *
 * @param name the meter's full name
 * @param question how to ask the same again for everybody to see; null where nobody else reads
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
