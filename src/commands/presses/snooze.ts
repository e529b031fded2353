import { snoozeChoices } from '../../core/snooze.ts';
import { actedWords, snoozedWords } from '../../core/words/acted.ts';
import { toAsker } from '../../ports/answer.ts';
import type { PressKind } from './press.ts';

/** Quiet until tomorrow morning at one press; what else could be chosen is offered with the answer. */
export const snooze: PressKind = async (value, { asker, actions }) => {
  const [alertId = '', chosen] = value.split(' ');
  const choice = snoozeChoices.find((one) => one === chosen) ?? 'tomorrow';
  const acted = await actions.snooze({ account: asker.account, on: { alertId }, by: asker.user, choice });
  return toAsker(acted.done === 'snoozed' ? snoozedWords(acted, alertId) : actedWords(acted));
};
