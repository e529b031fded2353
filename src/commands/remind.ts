import { presentable } from '../core/meter.ts';
import { askedInstead, NOBODY_ELSE, noMoreReminders, NOTHING_TO_PASTE } from '../core/words/paste-reminder.ts';
import { toAsker, toAskerAlone } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';
import { refusal } from './rights.ts';

type Wish = { readonly source: string; readonly stop: boolean };

/** What the buttons under a reminder to paste figures stand for: `abmatic others`, `abmatic stop`. */
export const remind: CommandKind<Wish> = {
  word: 'remind',
  help: null,
  changes: () => true,
  parse(rest) {
    const words = presentable(rest, 250).split(' ');
    return { source: words.slice(0, -1).join(' '), stop: words.at(-1)?.toLowerCase() === 'stop' };
  },
  async run({ source, stop }, context) {
    const { asker, actions } = context;
    const wish = { account: asker.account, source, by: asker.user };
    const refused = stop ? await refusal(context, `remind ${source} stop`) : null;
    if (refused) return toAskerAlone(refused);
    if (stop) return toAsker((await actions.stopReminding(wish)).done === 'stopped' ? noMoreReminders(source) : NOTHING_TO_PASTE);
    const handed = await actions.remindOthers(wish);
    if (handed.done === 'asked') return toAsker(askedInstead(handed.whom));
    return toAsker(handed.done === 'nobody' ? NOBODY_ELSE : NOTHING_TO_PASTE);
  },
};
