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
  // Whoever was asked may hand it on, also when they may not look any more.
  isOpen: () => true,
  parse(rest) {
    const words = presentable(rest, 250).split(' ');
    return { source: words.slice(0, -1).join(' '), stop: words.at(-1)?.toLowerCase() === 'stop' };
  },
  async run({ source, stop }, context) {
    const { asker, actions } = context;
    const wish = { account: asker.account, source, by: asker.user, platform: asker.platform };
    if (stop) {
      // What comes to oneself is one's own affair, and for nobody else to end.
      let { done } = asker.direct ? await actions.stopReminding({ ...wish, of: 'asker' }) : { done: 'not-asked' };
      if (done === 'not-asked') {
        const refused = await refusal(context, `remind ${source} stop`, 'everybody');
        if (refused) return toAskerAlone(refused);
        ({ done } = await actions.stopReminding({ ...wish, of: 'everybody' }));
      }
      return toAsker(done === 'stopped' ? noMoreReminders(source) : NOTHING_TO_PASTE);
    }
    const handed = await actions.remindOthers(wish);
    if (handed.done === 'asked') return toAsker(askedInstead(handed.whom));
    return toAsker(handed.done === 'nobody' ? NOBODY_ELSE : NOTHING_TO_PASTE);
  },
};
