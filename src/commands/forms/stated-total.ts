import { parseQuantity } from '../../core/meters/quantity.ts';
import { totalForm, totalProblem, totalTyped } from '../../messages/forms/total.ts';
import { FORM_GONE } from '../../messages/replies/errors.ts';
import { toRequester, toRequesterAlone } from '../../ports/inbound/chat.ts';
import { findMeters } from '../find-meters.ts';
import { fullName } from '../names.ts';
import { operatorOnly } from '../permissions.ts';
import { setTotal } from '../set-total.ts';
import type { FormKind } from './form.ts';

/** The form to state the total of a meter. `about`: its full name. An empty field takes a stated total back. */
export const statedTotal: FormKind = {
  async open(about, context) {
    const meter = await findMeters(context.queries, context.requester.account, { withoutReading: true }).named(about);
    if (meter === null) return toRequester(FORM_GONE);
    const refused = await operatorOnly(context);
    if (refused) return toRequesterAlone(refused);
    const name = fullName(meter);
    return { kind: 'form', form: totalForm(name, meter), message: totalTyped(name, meter, context.requester.invokedAs) };
  },

  async submit(about, { amount = '' }, context) {
    const meter = await findMeters(context.queries, context.requester.account, { withoutReading: true }).named(about);
    if (meter === null) return toRequester(FORM_GONE);
    if (amount.trim() === '') return setTotal(meter, null, context);
    const quantity = parseQuantity(amount, meter.decimals);
    return quantity.ok
      ? setTotal(meter, quantity.value, context)
      : { kind: 'invalid', problems: { amount: totalProblem(amount, quantity.error) } };
  },
};
