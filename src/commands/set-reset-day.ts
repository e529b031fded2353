import type { PeriodSpec } from '../core/time/period-spec.ts';
import { writePeriod } from '../core/time/parse-period.ts';
import { noSuchSource, periodSetWords, PERIOD_IN_FILE } from '../messages/forms/reset-day.ts';
import { toAsker, toAskerAlone, type Reply } from '../ports/inbound/chat.ts';
import type { CommandContext } from './command.ts';
import { refusal } from './permissions.ts';

/** Sets when the figures of a source reset, if the asker may and the file does not. */
export async function setResetDay(source: string, period: PeriodSpec, context: CommandContext): Promise<Reply> {
  const { asker, actions, store } = context;
  const refused = await refusal(context, `resets ${source} ${writePeriod(period)}`, 'everybody');
  if (refused) return toAskerAlone(refused);
  const set = await actions.setPeriod({ account: asker.account, source, by: asker.user, platform: asker.platform, period });
  if (set.done === 'managed-in-file') return toAskerAlone(PERIOD_IN_FILE);
  return set.done === 'set'
    ? toAsker(periodSetWords(source, period, set.resetsAt, await store.timeZone(asker.account)))
    : toAskerAlone(noSuchSource(source));
}
