import { nameSchema } from '../../core/meter.ts';
import { periodSpecSchema } from '../../core/period.ts';
import { resetDayForm, resetDayTyped } from '../../core/words/reset-day.ts';
import { FORM_GONE } from '../../core/words/sorry.ts';
import { toAsker } from '../../ports/answer.ts';
import { setResetDay } from '../set-reset-day.ts';
import type { FormKind } from './form.ts';

/** When the figures of a source reset, from somebody who knows. */
export const resetDay: FormKind = {
  open: async (about, { asker }) =>
    isName(about) ? { kind: 'form', form: resetDayForm(about), message: resetDayTyped(about, asker.invokedAs) } : toAsker(FORM_GONE),

  async submit(about, { every = '', day = '' }, context) {
    if (!isName(about)) return toAsker(FORM_GONE);
    const date = day.trim() === '' ? 1 : Number(/^\d{1,2}$/.exec(day.trim())?.[0]);
    const period = periodSpecSchema.safeParse({ every, day: date });
    if (period.success) return setResetDay(about, period.data, context);
    const wrong = period.error.issues.some(({ path }) => path[0] === 'every');
    return { kind: 'invalid', problems: wrong ? { every: 'Choose one.' } : { day: 'A day from 1 to 31.' } };
  },
};

function isName(source: string): boolean {
  return nameSchema.safeParse(source).success;
}
