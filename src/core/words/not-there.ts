import type { SendOutcome } from '../delivery.ts';
import type { DestinationAddress } from '../route.ts';
import type { Form } from './form.ts';
import type { Message } from './message.ts';
import { code, placeNamed, say } from './phrase.ts';

type Refused = Pick<Extract<SendOutcome, { outcome: 'rejected' }>, 'reason' | 'remedy' | 'invite'>;

/** Alerts were asked for where the bot cannot post: what to do there, and then to try it again. */
export function notThereWords(place: DestinationAddress, { reason, remedy, invite }: Refused, wanted: string): Message {
  const title =
    invite === undefined
      ? say`I can't post in ${placeNamed(place)}: ${reason}. ${remedy}`
      : say`I'm not in ${placeNamed(place)}. Type there: ${code(invite)}`;
  return {
    summary: title,
    title,
    lines: [],
    buttons: [{ action: 'show', label: 'Try again', value: `subscribe ${wanted}`, primary: true }],
  };
}

/** The same as a dialog, which whoever typed it cannot miss. Sending it tries again. */
export function notThereForm({ reason, remedy, invite }: Refused, wanted: string): Form {
  return {
    id: `subscribe ${wanted}`,
    title: 'No alerts here yet',
    submit: 'Try again',
    text: invite === undefined ? `I can't post in this channel: ${reason}. ${remedy}` : `I'm not in this channel. Type there: ${invite}`,
    fields: [],
  };
}

/** What is shown again says that it was tried. */
export function stillNotThere(form: Form): Form {
  return { ...form, title: 'Still no alerts here' };
}
