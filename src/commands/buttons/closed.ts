import { closedAlertNotice } from '../../messages/replies/action-result.ts';
import { toRequesterAlone, type Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';
import { mayLook } from '../permissions.ts';

/** Answers a press under an alert that is closed: an old message may still show its buttons where it could not be edited. */
export async function alertClosed(alertId: string, context: CommandContext): Promise<Reply> {
  const { requester, store } = context;
  const [past, timeZone] = await Promise.all([store.pastAlert(requester.account, alertId), store.timeZone(requester.account)]);
  return toRequesterAlone(closedAlertNotice((await mayLook(context)) ? past : null, timeZone));
}
