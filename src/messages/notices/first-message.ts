import type { WelcomeSnapshot } from '../../core/notifications/notification.ts';
import { pasteButton } from '../forms/import.ts';
import type { Message } from '../../core/text/message.ts';
import { code, richText, strong, type RichText } from '../../core/text/rich-text.ts';
import { upperFirst } from '../text/upper-first.ts';

/** The first message to the people who installed Creditwatch: what it does and reads, the three steps to set it up, and how to stop it. */
export function firstMessage({
  command,
  readsMessages,
  hasFigures,
  getsAlerts,
  isRouted,
  digestOn,
  hasOwnRules,
}: WelcomeSnapshot): Message {
  const reads = readsMessages ? 'I read channel history only to find my own messages.' : 'I read no messages.';
  const subscribe = code(`${command} subscribe marketing | sales | operations | all`);
  const when = hasOwnRules ? 'by the rules of creditwatch.yml' : 'at 80% and 100% and before something runs out';
  return {
    summary: richText`Creditwatch is ready. It tells you when bought credits run low`,
    title: richText`I'm ${strong('Creditwatch')}. I tell you when bought credits run low and answer ${code(command)}. ${reads}`,
    lines: [
      hasFigures
        ? richText`1 Figures: already there. ${code(command)} shows them.`
        : richText`1 Figures: paste the vendor's usage page with the button below, or connect a source in creditwatch.yml.`,
      isRouted
        ? richText`2 Alerts: creditwatch.yml sets where they go. In another channel: ${subscribe}`
        : richText`2 Alerts: in a channel, ${subscribe}`,
      richText`3 Done: alerts ${when}${digestOn === null ? '' : `; a digest on ${upperFirst(digestOn)}s`}.`,
      joinedSentences(
        digestOn === null ? null : `No digest on ${upperFirst(digestOn)} means I'm broken.`,
        `${isRouted ? 'Alerts that no channel gets' : 'Until step 2, alerts'} ${getsAlerts ? 'come to you here' : 'are printed in the terminal'}.`,
      ),
      richText`To stop: ${code(`${command} unsubscribe`)} there, or remove the app.`,
    ],
    buttons: [pasteButton(), { action: 'show', label: 'All credits', value: '' }],
  };
}

function joinedSentences(...sentences: readonly (string | null)[]): RichText {
  return richText`   ${sentences.filter((sentence) => sentence !== null).join(' ')}`;
}
