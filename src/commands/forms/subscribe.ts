import { stillNotInChannel } from '../../messages/forms/not-in-channel.ts';
import { subscribe } from '../subscribe.ts';
import type { FormKind } from './form.ts';

/** Alerts for the channel at hand, once the bot was invited there. `about` is what was asked for. */
export const subscribeAgain: FormKind = {
  open: (about, context) => subscribe.run(subscribe.parse(about), context),

  async submit(about, _values, context) {
    const reply = await subscribe.run(subscribe.parse(about), context);
    return reply.kind === 'form' ? { ...reply, form: stillNotInChannel(reply.form) } : reply;
  },
};
