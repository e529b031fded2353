import { presentable } from '../../core/meters/meter.ts';
import { SPAN_EXAMPLES } from '../text/span-examples.ts';
import type { Button, Message } from '../../core/text/message.ts';
import { code, richText, strong } from '../../core/text/rich-text.ts';

/** What one command does, with examples of the text after the name of the slash command. The first example is the usual one. */
export type CommandHelp = { readonly does: string; readonly examples: readonly string[]; readonly inChat?: true };

/** The help of each command, by its word. */
export const COMMAND_HELP: Readonly<Record<string, CommandHelp>> = {
  details: { does: 'Shows all credits, each with its pace and how long it lasts.', examples: ['details'] },
  check: {
    does: 'Checks whether you can still use an amount, until the reset or by a day.',
    examples: ['check campaigns 50k', 'check campaigns 50k open_ai 2M by 5 dec'],
  },
  subscribe: {
    does: 'Sends alerts and a weekly digest to the channel where you type it, or to you in a direct message. If you type it again, it adds to what you already get.',
    examples: ['subscribe all', 'subscribe marketing', 'subscribe apollo, campaigns', 'subscribe only sales', 'subscribe operations'],
    inChat: true,
  },
  unsubscribe: { does: 'Ends the alerts and the digest here.', examples: ['unsubscribe'], inChat: true },
  digest: {
    does: 'Sets when the digest comes here, or shows it now.',
    examples: ['digest monday 9am', 'digest off', 'digest now'],
    inChat: true,
  },
  request: {
    does: 'Drafts an email that asks the vendor for more credits. The alert then stays quiet until the total changes.',
    examples: ['request apollo', 'request apollo allocation'],
  },
  alerts: { does: 'Lists open alerts, who is on them, and what closed this week.', examples: ['alerts'] },
  snooze: {
    does: 'Keeps the alert of a meter quiet for everybody, at most until the period ends.',
    examples: ['snooze apollo', 'snooze apollo monday', 'snooze apollo until reset', 'snooze apollo off'],
  },
  unsnooze: { does: 'Ends a snooze. Alerts that still apply are posted.', examples: ['unsnooze apollo'] },
  history: {
    does: `Shows what a meter used in a span of time: ${SPAN_EXAMPLES.join(', ')}.`,
    examples: ['history apollo', 'history apollo last month', 'history apollo since 1 nov'],
  },
  export: {
    does: 'Gives daily use as CSV to copy, for one meter or all.',
    examples: ['export', 'export apollo last month', 'export since 1 nov'],
  },
  billing: { does: 'Shows whom to ask about invoices and payment.', examples: ['billing'] },
  import: { does: 'Saves figures from a usage page that you copy and paste.', examples: ['import'] },
  capture: {
    does: 'Makes a key that can only send usage pages of some sources. Only admins can, and only you see it.',
    examples: ['capture abmatic', 'capture abmatic, hubspot', 'capture --new abmatix'],
  },
  remind: {
    does: 'Passes the reminder to paste figures on to someone else, or ends it.',
    examples: ['remind abmatic others', 'remind abmatic stop'],
  },
  resets: {
    does: 'Sets when the figures of a source reset.',
    examples: ['resets', 'resets abmatic month 1', 'resets abmatic year 15 march', 'resets abmatic never'],
  },
  total: {
    does: 'States the total of a meter, if the vendor does not tell it: the credits of the plan, the last purchase or a budget.',
    examples: ['total openai/spend 500', 'total openai/spend none'],
  },
  correction: { does: 'Reclassifies a reset as a correction by the vendor.', examples: ['correction apollo'] },
  help: { does: 'Lists the commands, or explains one.', examples: ['help', 'help check'] },
};

/** Explains one command, with its examples. */
export function commandHelpMessage(word: string, { does, examples }: CommandHelp, invokedAs: string): Message {
  const title = richText`${strong(word)}: ${does}`;
  return { summary: title, title, lines: examples.map((one) => richText`${code(`${invokedAs} ${one}`)}`) };
}

/** The reply to `help` with an unknown command. */
export function noSuchCommand(asked: string, listed: Message): Message {
  const title = richText`There is no command "${presentable(asked, 80)}". These are my commands:`;
  return { ...listed, summary: title, title };
}

/**
 * The reply to a mistyped command: suggests the command that was probably meant.
 *
 * @param suggestion also has the meter with a similar name, if there is one; it is offered second
 */
export function meantCommand(
  {
    word,
    command,
    meter,
  }: { readonly word: string; readonly command: string; readonly meter?: { readonly label: string; readonly name: string } },
  { invokedAs, inTerminal }: { readonly invokedAs: string; readonly inTerminal?: true },
): Message {
  const title = richText`Did you mean ${strong(word)}${meter === undefined ? '' : richText`, or ${strong(meter.label)}`}?`;
  const button: Button = { action: 'show', label: `Run ${word}`, value: command, primary: true };
  const typed = code(`${invokedAs} ${command}`);
  return {
    summary: title,
    title,
    lines: [
      inTerminal ? richText`Then type: ${typed}` : richText`${typed}`,
      ...(meter === undefined ? [] : [richText`${code(`${invokedAs} ${meter.name}`)}`]),
    ],
    buttons: [button, ...(meter === undefined ? [] : [{ action: 'show', label: 'Show meter', value: meter.name } as const])],
  };
}
