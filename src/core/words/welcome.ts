import type { Message } from './message.ts';
import { code, say, strong } from './phrase.ts';

/**
 * What a place is told when the bot is added there: what it does, how to get alerts, how to be rid of it.
 *
 * @param invokedAs how commands are typed there
 * @param direct whether it is the chat with one person
 */
export function welcomeWords({ invokedAs, direct }: { readonly invokedAs: string; readonly direct: boolean }): Message {
  const where = direct ? 'to you' : 'here';
  const readsNothing = direct ? say`` : say` I read only what names me.`;
  return {
    summary: say`Creditwatch says when bought credits run low`,
    title: say`I'm ${strong('Creditwatch')}. I say when bought credits run low and answer ${code(invokedAs)}.${readsNothing}`,
    lines: [
      say`Alerts ${where}, with a digest on Mondays: ${code(`${invokedAs} subscribe marketing | sales | operations | all`)}`,
      say`To stop them: ${code(`${invokedAs} unsubscribe`)}, or remove the app.`,
    ],
    buttons: [
      { action: 'show', label: 'All credits', value: '', primary: true },
      { action: 'show', label: direct ? 'Alerts to me' : 'Alerts here', value: 'subscribe all' },
    ],
  };
}
