import { stillNotInChannel } from '../../messages/forms/not-in-channel.ts';
import { subscribe } from '../subscribe.ts';
import type { FormKind } from './form.ts';

/** Subscribes the channel after the bot was invited. `about`: the requested alerts. */
export const subscribeAgain: FormKind = {
  open: (about, context) => subscribe.run(subscribe.parse(about), context),

  async submit(about, _values, context) {
    const reply = await subscribe.run(subscribe.parse(about), context);
    return reply.kind === 'form' ? { ...reply, form: stillNotInChannel(reply.form) } : reply;
  },
};
