import { presentable } from '../core/meters/meter.ts';
import {
  askedInstead,
  ALREADY_REASSIGNED,
  NOBODY_ELSE,
  noMoreReminders,
  NOT_ASKED,
  NOTHING_TO_PASTE,
} from '../messages/notices/paste-reminder.ts';
import { toRequester, toRequesterAlone } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { isAdmin, refusal } from './permissions.ts';

type RemindArgs = { readonly source: string; readonly stop: boolean };

/** Handles the buttons of a reminder to paste figures: `abmatic others`, `abmatic stop`. */
export const remind: CommandKind<RemindArgs> = {
  word: 'remind',
  help: null,
  changes: () => true,
  // The person who was reminded may reassign it, even without permission to see the figures. Everyone else gets the same answer,
  // whatever exists.
  isOpen: () => true,
  parse(rest) {
    const words = presentable(rest, 250).split(' ');
    return { source: words.slice(0, -1).join(' '), stop: words.at(-1)?.toLowerCase() === 'stop' };
  },
  async run({ source, stop }, context) {
    const { requester, actions } = context;
    const command = { account: requester.account, source, by: requester.person };
    if (stop) {
      // People may stop their own reminders, and no one else's.
      let { done } = requester.direct ? await actions.stopReminding({ ...command, of: 'requester' }) : { done: 'not-asked' };
      // Also for an unknown source: the answer must not reveal which exist.
      if (done !== 'stopped') {
        const refused = await refusal(context, `remind ${source} stop`, 'everybody');
        if (refused) return toRequesterAlone(refused);
        ({ done } = await actions.stopReminding({ ...command, of: 'everybody' }));
      }
      return toRequester(done === 'stopped' ? noMoreReminders(source) : NOTHING_TO_PASTE);
    }
    const admin = await isAdmin(context);
    const reassigned = await actions.remindOthers({ ...command, place: requester.place, isAdmin: admin });
    switch (reassigned.done) {
      case 'asked':
        return toRequester(askedInstead(reassigned.whom));
      case 'nobody':
        return toRequester(NOBODY_ELSE);
      case 'already':
        return toRequester(ALREADY_REASSIGNED);
      case 'nothing':
        return toRequester(admin ? NOTHING_TO_PASTE : NOT_ASKED);
    }
  },
};
