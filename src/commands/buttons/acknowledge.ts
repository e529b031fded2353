import { actionResultMessage } from '../../messages/replies/action-result.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import { alertClosed } from './closed.ts';
import type { ButtonHandler } from './button.ts';

/** "I'm on it": the alert's message shows who acknowledged it. A second person is told who was first. */
export const acknowledge: ButtonHandler = async (alertId, context) => {
  const { requester, actions } = context;
  const acted = await actions.acknowledge({
    account: requester.account,
    on: { alertId },
    by: requester.person,
  });
  if (acted.done === 'no-alert') return alertClosed(alertId, context);
  return acted.done === 'acknowledged' ? { kind: 'done' } : toRequester(actionResultMessage(acted));
};
