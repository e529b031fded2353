import type { SendOutcome } from '../../core/notifications/delivery.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Form } from '../../core/text/form.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, richText } from '../../core/text/rich-text.ts';

/** What to type where the bot is missing, and whether that is a group message, where nothing can be typed for it. */
type Missing = { readonly invite: string; readonly inGroupMessage: boolean };

/** Slack invites nobody to a group message by a command (slack.com/help, "Add apps to conversations"). */
const GROUP_WAY =
  'To add me, open the conversation details, choose Integrations, then Add apps. If that is not offered, use a private channel: there /invite works.';

/** Alerts were asked for where the bot is missing: what to do there, and then to try it again. */
export function notInChannelMessage(place: DestinationAddress, { invite, inGroupMessage }: Missing, wanted: string): Message {
  const title = inGroupMessage
    ? richText`I'm not in this group message. ${GROUP_WAY}`
    : richText`I'm not in ${placeNamed(place)}. Type there: ${code(invite)}`;
  return {
    summary: title,
    title,
    lines: [],
    buttons: [{ action: 'show', label: 'Try again', value: `subscribe ${wanted}`, primary: true }],
  };
}

/** The same as a dialog, which whoever typed it cannot miss. Sending it tries again. */
export function notInChannelForm({ invite, inGroupMessage }: Missing, wanted: string): Form {
  return {
    id: `subscribe ${wanted}`,
    title: 'No alerts here yet',
    submit: 'Try again',
    text: inGroupMessage ? `I'm not in this group message. ${GROUP_WAY}` : `I'm not in this channel. Type there: ${invite}`,
    fields: [],
  };
}

/** Alerts are on, but the platform did not take the message that says so: neither will it take alerts, until that has changed. */
export function savedButRefused(platformName: string, outcome: Exclude<SendOutcome, { outcome: 'sent' }>): Message {
  const remedy =
    outcome.outcome === 'rejected' ? outcome.remedy : 'I keep trying and send alerts as soon as it accepts them. Nothing to do yet.';
  const title = richText`⚠️ Saved, but ${platformName} rejects my messages now: ${outcome.reason}. ${remedy}`;
  return { summary: title, title, lines: [] };
}

/** What is shown again says that it was tried. */
export function stillNotInChannel(form: Form): Form {
  return { ...form, title: 'Still no alerts here' };
}
