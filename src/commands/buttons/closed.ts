import { closedAlertNotice } from '../../messages/replies/action-result.ts';
import { toRequesterAlone, type Reply } from '../../ports/inbound/chat.ts';
import type { CommandContext } from '../command.ts';
import { mayLook } from '../permissions.ts';

/** Answers a click on a closed alert: an old message may still show its buttons if it could not be edited. */
export async function alertClosed(alertId: string, context: CommandContext): Promise<Reply> {
  const { requester, queries } = context;
  const [past, timeZone] = await Promise.all([queries.pastAlert(requester.account, alertId), queries.timeZone(requester.account)]);
  return toRequesterAlone(closedAlertNotice((await mayLook(context)) ? past : null, timeZone));
}
