import { closedAlertWords } from '../../messages/replies/action-result.ts';
import { toAskerAlone, type Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';
import { mayLook } from '../permissions.ts';

/** Answers a press under an alert that is closed: an old message may still show its buttons where it could not be edited. */
export async function alertClosed(alertId: string, context: CommandContext): Promise<Reply> {
  const { asker, store } = context;
  const [past, timeZone] = await Promise.all([store.pastAlert(asker.account, alertId), store.timeZone(asker.account)]);
  return toAskerAlone(closedAlertWords((await mayLook(context)) ? past : null, timeZone));
}
