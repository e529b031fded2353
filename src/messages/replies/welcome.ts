import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Message } from '../../core/text/message.ts';
import { code, placeNamed, richText, strong } from '../../core/text/rich-text.ts';

/** More channels would hide the purpose of the welcome. */
const MOST_OFF = 5;

/**
 * The welcome when the bot is added to a chat or a team: what it does, how to get alerts, and how to stop it.
 *
 * @param invokedAs how commands are typed there
 * @param direct whether it is the chat with one person
 * @param stillOff channels of the team that stay disabled although the bot is in the team again, each with a sentence that says why
 */
export function welcomeMessage({
  invokedAs,
  direct,
  stillOff,
}: {
  readonly invokedAs: string;
  readonly direct: boolean;
  readonly stillOff: readonly { readonly place: DestinationAddress; readonly reason: string }[];
}): Message {
  const where = direct ? 'to you' : 'here';
  const readsNothing = direct ? richText`` : richText` I read only messages that mention me.`;
  return {
    summary: richText`Creditwatch tells you when bought credits run low`,
    title: richText`I'm ${strong('Creditwatch')}. I tell you when bought credits run low and answer ${code(invokedAs)}.${readsNothing}`,
    lines: [
      richText`Alerts ${where}, with a digest on Mondays: ${code(`${invokedAs} subscribe marketing | sales | operations | all`)}`,
      ...stillOff.slice(0, MOST_OFF).map(({ place, reason }) => richText`Alerts stay off in ${placeNamed(place)}. ${reason}`),
      ...(stillOff.length > MOST_OFF ? [richText`Alerts stay off in ${String(stillOff.length - MOST_OFF)} more.`] : []),
      richText`To stop them: ${code(`${invokedAs} unsubscribe`)}, or remove the app.`,
    ],
    buttons: [
      { action: 'show', label: 'All credits', value: '', primary: true },
      { action: 'show', label: direct ? 'Alerts to me' : 'Alerts here', value: 'subscribe all' },
    ],
  };
}
