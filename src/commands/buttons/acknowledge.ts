import { actedWords } from '../../messages/replies/action-result.ts';
import { toAsker } from '../../ports/inbound/chat.ts';
import { alertClosed } from './closed.ts';
import type { PressKind } from './press.ts';

/** "I'm on it": the alert's message shows who, and whoever comes second is told. */
export const acknowledge: PressKind = async (alertId, context) => {
  const { asker, actions } = context;
  const acted = await actions.acknowledge({ account: asker.account, on: { alertId }, by: asker.user, platform: asker.platform });
  if (acted.done === 'no-alert') return alertClosed(alertId, context);
  return acted.done === 'acknowledged' ? { kind: 'done' } : toAsker(actedWords(acted));
};
