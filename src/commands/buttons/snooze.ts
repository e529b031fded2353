import { snoozeChoices } from '../../core/alerts/snooze.ts';
import { actionResultMessage, snoozedMessage, snoozeEndedMessage } from '../../messages/replies/action-result.ts';
import { SNOOZE_END } from '../../messages/alerts/alert-buttons.ts';
import { toRequester } from '../../ports/inbound/chat.ts';
import { alertClosed } from './closed.ts';
import type { ButtonHandler } from './button.ts';

/** Snoozes until tomorrow morning with one click. The answer offers the other choices, and to end the snooze. */
export const snooze: ButtonHandler = async (value, context) => {
  const { requester, actions, queries } = context;
  const [alertId = '', chosen] = value.split(' ');
  if (chosen === SNOOZE_END) {
    const { done } = await actions.unsnooze({
      account: requester.account,
      on: { alertId },
      by: requester.person,
      and: 'edit',
    });
    return done === 'no-alert' ? alertClosed(alertId, context) : toRequester(snoozeEndedMessage(done));
  }
  const choice = snoozeChoices.find((one) => one === chosen) ?? 'tomorrow';
  const acted = await actions.snooze({
    account: requester.account,
    on: { alertId },
    by: requester.person,
    choice,
  });
  if (acted.done === 'no-alert') return alertClosed(alertId, context);
  return toRequester(
    acted.done === 'snoozed' ? snoozedMessage(acted, alertId, await queries.timeZone(requester.account)) : actionResultMessage(acted),
  );
};
