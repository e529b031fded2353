import type { SendOutcome } from '../../core/notifications/delivery.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Form } from '../../core/text/form.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, richText } from '../../core/text/rich-text.ts';

/** How to add the bot: the command to type, which does not work in a group message. */
type Missing = { readonly invite: string; readonly inGroupMessage: boolean };

/** No command adds an app to a group message in Slack (slack.com/help, "Add apps to conversations"). */
const GROUP_WAY =
  'To add me, open the conversation details, choose Integrations, then Add apps. If that is not offered, use a private channel: there /invite works.';

/** The reply to `subscribe` in a channel that the bot is not in: how to add the bot, and a button to try again. */
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

/** The same as a dialog, which the requester cannot overlook. Submitting it tries again. */
export function notInChannelForm({ invite, inGroupMessage }: Missing, wanted: string): Form {
  return {
    id: `subscribe ${wanted}`,
    title: 'No alerts here yet',
    submit: 'Try again',
    text: inGroupMessage ? `I'm not in this group message. ${GROUP_WAY}` : `I'm not in this channel. Type there: ${invite}`,
    fields: [],
  };
}

/** The subscription was saved, but the platform rejected its confirmation. Alerts would be rejected too until this is fixed. */
export function savedButRefused(platformName: string, outcome: Exclude<SendOutcome, { outcome: 'sent' }>): Message {
  const remedy =
    outcome.outcome === 'rejected' ? outcome.remedy : 'I keep trying and send alerts as soon as it accepts them. Nothing to do yet.';
  const title = richText`⚠️ Saved, but ${platformName} rejects my messages now: ${outcome.reason}. ${remedy}`;
  return { summary: title, title, lines: [] };
}

/** The same dialog after another failed try, with a title that says so. */
export function stillNotInChannel(form: Form): Form {
  return { ...form, title: 'Still no alerts here' };
}
