import type { PeriodSpec } from '../core/time/period-spec.ts';
import { writePeriod } from '../core/time/parse-period.ts';
import { noSuchSource, periodSetMessage, PERIOD_IN_FILE } from '../messages/forms/reset-day.ts';
import { toRequester, toRequesterAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext } from './command.ts';
import { refusal } from './permissions.ts';

/** Sets when the figures of a source reset, if the requester may and the file does not define it. */
export async function setResetDay(source: string, period: PeriodSpec, context: CommandContext): Promise<Reply> {
  const { requester, actions, queries } = context;
  const refused = await refusal(context, `resets ${source} ${writePeriod(period)}`, 'everybody');
  if (refused) return toRequesterAlone(refused);
  const set = await actions.setPeriod({ account: requester.account, source, by: requester.person, period });
  if (set.done === 'managed-in-file') return toRequesterAlone(PERIOD_IN_FILE);
  return set.done === 'set'
    ? toRequester(periodSetMessage(source, period, set.resetsAt, await queries.timeZone(requester.account)))
    : toRequesterAlone(noSuchSource(source));
}
