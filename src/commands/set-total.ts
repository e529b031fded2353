import { formatAmount } from '../core/meters/amount.ts';
import type { Meter } from '../core/meters/meter.ts';
import { meterGone, totalSetMessage } from '../messages/forms/total.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext } from './command.ts';
import { fullName } from './names.ts';
import { refusal } from './permissions.ts';

/**
 * States the total of a meter whose vendor tells only what is used or what is left, if the requester may.
 *
 * @param total in the smallest unit of the meter; null takes it back
 */
export async function setTotal(meter: Meter, total: bigint | null, context: CommandContext): Promise<Reply> {
  const { requester, actions, queries } = context;
  const written = total === null ? 'none' : formatAmount(total, meter.decimals);
  const refused = await refusal(context, `total ${fullName(meter)} ${written}`, 'everybody');
  if (refused) return toRequesterAlone(refused);
  const { done } = await actions.stateTotal({ account: requester.account, on: { meterId: meter.id }, by: requester.person, total });
  if (done !== 'stated') return toRequesterAlone(meterGone(meter.label));
  const [now] = await queries.metersById(requester.account, [meter.id]);
  const reading = now?.reading;
  return toRequester(totalSetMessage(meter, total, reading === undefined || reading.isTotalUnknown ? null : reading.total));
}
