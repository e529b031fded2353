import { nameSchema } from '../../core/meters/meter.ts';
import { localDayOf } from '../../core/time/local-time.ts';
import { typedPeriod } from '../../core/time/parse-period.ts';
import { RESET_DAY_PROBLEMS, resetDayForm, resetDayTyped } from '../../messages/forms/reset-day.ts';
import { FORM_GONE } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone } from '../../ports/inbound/chat.ts';
import { operatorOnly } from '../permissions.ts';
import { setResetDay } from '../set-reset-day.ts';
import type { FormKind } from './form.ts';

/** The form to set when the figures of a source reset. */
export const resetDay: FormKind = {
  async open(about, context) {
    if (!isName(about)) return toRequester(FORM_GONE);
    const refused = await operatorOnly(context);
    if (refused) return toRequesterAlone(refused);
    return { kind: 'form', form: resetDayForm(about), message: resetDayTyped(about, context.requester.invokedAs) };
  },

  async submit(about, { every = '', day = '', days = '' }, context) {
    if (!isName(about)) return toRequester(FORM_GONE);
    const problem = (problems: Readonly<Record<string, string>>) => ({ kind: 'invalid' as const, problems });
    if (!Object.hasOwn(ON_IS, every)) return problem({ every: RESET_DAY_PROBLEMS.every });
    const { queries, clock, requester } = context;
    const today = localDayOf(clock.now(), await queries.timeZone(requester.account));
    if (every === 'days' && typedPeriod(`${days} days 2000-01-01`, today) === null) return problem({ days: RESET_DAY_PROBLEMS.days });
    const period = typedPeriod(`${every === 'days' ? `${days} days` : every} ${every === 'none' ? '' : day}`, today);
    return period === null ? problem({ day: ON_IS[every] ?? '' }) : setResetDay(about, period, context);
  },
};

/** The expected content of the field `day`, by choice. */
const ON_IS: Readonly<Record<string, string>> = {
  month: RESET_DAY_PROBLEMS.month,
  quarter: RESET_DAY_PROBLEMS.months,
  'half-year': RESET_DAY_PROBLEMS.months,
  year: RESET_DAY_PROBLEMS.months,
  week: RESET_DAY_PROBLEMS.week,
  day: RESET_DAY_PROBLEMS.nothing,
  days: RESET_DAY_PROBLEMS.date,
  none: '',
};

function isName(source: string): boolean {
  return nameSchema.safeParse(source).success;
}
