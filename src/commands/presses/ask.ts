import { presentable } from '../../core/meter.ts';
import { askedAlready, askedWords, NOBODY_TO_ASK } from '../../core/words/wish.ts';
import { toAsker } from '../../ports/answer.ts';
import type { PressKind } from './press.ts';

/** "Ask them": the admins hear what somebody wishes who may not do it. The value is `place` or `everybody`, and behind a space the command. */
export const ask: PressKind = async (value, { asker, actions }) => {
  const [forWhom, ...words] = presentable(value, 480).split(' ');
  const place = forWhom === 'place' ? asker.place : null;
  const asked = await actions.askAdmins({
    account: asker.account,
    by: asker.user,
    platform: asker.platform,
    invokedAs: asker.invokedAs,
    wish: words.join(' '),
    place,
  });
  if (asked.done === 'nobody') return toAsker(NOBODY_TO_ASK);
  return toAsker(asked.done === 'asked' ? askedWords(asked.whom) : askedAlready(asked.whom, asked.at));
};
