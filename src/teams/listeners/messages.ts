import type { Audience, DeferredReplies } from '../../chat/deferred-reply.ts';
import type { Form } from '../../core/text/form.ts';
import type { Message } from '../../core/text/message.ts';
import { toRequesterAlone, type Chat } from '../../ports/inbound/chat.ts';
import type { Activity } from './activity.ts';
import type { Replies } from './replies.ts';
import { requesterOf } from './requester.ts';
import type { Inbound } from './endpoint.ts';
import type { Membership } from './membership.ts';
import { asCommand, typedText } from './text.ts';
import { buttonSchema } from '../views/actions.ts';
import type { FilledIn } from '../views/form.ts';
import { takeButton, type Taken } from './button.ts';

export type ListenerDeps = {
  readonly chat: Chat;
  readonly membership: Pick<Membership, 'mayChange'>;
  readonly answers: Replies;
  readonly patience: DeferredReplies;
};

/**
 * Work that starts when an activity arrives, and is a part of the person's wait. `kept`: resolves when the stored data about the person and
 * the conversation is up to date. `refused`: the reply for a person who may not even read, else null.
 */
export type Arriving = { readonly kept: Promise<void>; readonly refused: Promise<Message | null> };

/**
 * Creates the listener for messages. It replies in the same thread. A message that only the bot could read (`/usage`) gets a reply that
 * only the requester sees, and so does a request that is denied. A card that was submitted in a client without universal actions is handled
 * like a click.
 */
export function messageListener({
  chat,
  membership,
  answers,
  patience,
}: ListenerDeps): (inbound: Inbound, arriving: Arriving) => Promise<void> {
  return async (inbound, { kept, refused }) => {
    const { activity } = inbound;
    const pressed = buttonSchema.safeParse(activity.value);
    const alone = pressed.success || activity.recipient.isTargeted === true;
    const way = {
      say: (message: Message, to: Audience) =>
        to === 'everybody' || (to === 'requester' && !alone) ? answers.openly(inbound, message) : aside(message),
    };
    const taken = await patience.eventually<Taken>(async () => {
      const refusal = await refused;
      if (refusal !== null) return toRequesterAlone(refusal);
      await kept;
      return pressed.success
        ? takeButton(pressed.data, activity.value, requesterOf(inbound, membership), chat)
        : chat.answer(asked(activity), requesterOf(inbound, membership));
    }, way);
    const refusal = await refused;
    if (refusal !== null) return answers.refuse(inbound, refusal);
    if (taken?.kind === 'form') await aside(taken.form);
    if (taken?.kind === 'invalid') await aside(taken.reopened, taken);
    if (taken?.kind === 'message') await way.say(taken.message, taken.to);

    /** A question that only the bot could read must not become visible to others. */
    async function aside(what: Message | Form, filledIn?: FilledIn): Promise<void> {
      await (alone ? answers.privately(inbound, what, filledIn) : answers.asideFrom(inbound, what, filledIn));
    }
  };
}

function asked(activity: Activity): string {
  const typed = typedText(activity);
  // An unknown card or an attachment gets the help.
  return typed === '' && activity.value !== undefined && activity.value !== null ? 'help' : asCommand(typed);
}
