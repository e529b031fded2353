import { snoozeChoices } from '../../core/alerts/snooze.ts';
import { actedWords, snoozedWords, snoozeEndedWords } from '../../messages/replies/action-result.ts';
import { SNOOZE_OFF } from '../../messages/alerts/alert-buttons.ts';
import { toAsker } from '../../ports/inbound/chat.ts';
import { alertClosed } from './closed.ts';
import type { PressKind } from './press.ts';

/** Quiet until tomorrow morning at one press; what else could be chosen, and to take it back, is offered with the answer. */
export const snooze: PressKind = async (value, context) => {
  const { asker, actions, store } = context;
  const [alertId = '', chosen] = value.split(' ');
  if (chosen === SNOOZE_OFF) {
    const { done } = await actions.unsnooze({
      account: asker.account,
      on: { alertId },
      by: asker.user,
      platform: asker.platform,
      and: 'edit',
    });
    return done === 'no-alert' ? alertClosed(alertId, context) : toAsker(snoozeEndedWords(done));
  }
  const choice = snoozeChoices.find((one) => one === chosen) ?? 'tomorrow';
  const acted = await actions.snooze({ account: asker.account, on: { alertId }, by: asker.user, platform: asker.platform, choice });
  if (acted.done === 'no-alert') return alertClosed(alertId, context);
  return toAsker(acted.done === 'snoozed' ? snoozedWords(acted, alertId, await store.timeZone(asker.account)) : actedWords(acted));
};
