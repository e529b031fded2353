import type { Chat } from '../../ports/answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Answers } from '../answers.ts';
import { askerOf } from '../asker.ts';
import type { Inbound } from '../endpoint.ts';
import { patiently } from '../patience.ts';
import { asCommand, typedText } from '../text.ts';
import { pressedSchema } from '../views/actions.ts';
import { takePress, type Taken } from './press.ts';

export type ListenerDeps = { readonly chat: Chat; readonly answers: Answers; readonly clock: Clock; readonly log: Log };

/**
 * Answers what people type: where they asked, in the same thread; what came as `/usage`, which only the bot could read, is
 * answered to the asker alone. What a card submitted in a client that knows no universal actions is a press like any other.
 */
export function messageListener({ chat, answers, clock, log }: ListenerDeps): (inbound: Inbound) => Promise<void> {
  return async (inbound) => {
    const { activity } = inbound;
    const pressed = pressedSchema.safeParse(activity.value);
    if (pressed.success) return say(inbound, await takePress(pressed.data, activity.value, inbound, { chat, clock, log }), true);
    const typed = typedText(activity);
    // A card that is not ours, or an attachment: whoever sent it wanted something.
    const asked = typed === '' && activity.value !== undefined && activity.value !== null ? 'help' : asCommand(typed);
    const reply = await patiently(() => chat.answer(asked, askerOf(inbound)), { clock, log });
    await say(inbound, reply, activity.recipient.isTargeted === true);
  };

  async function say(inbound: Inbound, taken: Taken, alone: boolean): Promise<void> {
    if (taken.kind === 'form') return answers.privately(inbound, taken.form);
    if (taken.kind === 'message') return alone && taken.to === 'asker' ? answers.privately(inbound, taken.message) : answers.openly(inbound, taken.message);
    if (taken.kind === 'invalid') return answers.privately(inbound, taken.reopened);
  }
}
