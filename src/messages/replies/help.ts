import type { Message } from '../../core/text/message.ts';
import { code, richText } from '../../core/text/rich-text.ts';

/**
 * How the help lists a command: on a line of its own, with its usage and what it shows, or in the last line with the `also` commands. Null
 * leaves it out. `inChat`: only where messages can be posted, so not in a terminal.
 */
export type HelpEntry = { readonly usage: string; readonly shows: string; readonly inChat?: true } | { readonly also: string } | null;

/** The width of the column after the name of the slash command, for the rest of the command. */
const COLUMN = 22;

/** The first lines of a reply to a greeting, thanks, a question, or a request to stop. The commands follow. */
const OPENINGS = {
  greeting: richText`Hello! These are my commands:`,
  thanks: richText`You're welcome. These are my commands:`,
  help: richText`These are my commands:`,
  stop: richText`To stop my messages:`,
} as const;

/**
 * Offers the help if no command was typed.
 *
 * @param entries the entries of the help
 * @param inChat whether the person gets messages that can be turned off
 */
export function offeredHelp(
  opening: keyof typeof OPENINGS,
  entries: readonly HelpEntry[],
  { invokedAs, inChat }: { readonly invokedAs: string; readonly inChat: boolean },
): Message {
  const title = opening === 'stop' && !inChat ? OPENINGS.help : OPENINGS[opening];
  const listed = helpMessage(entries, invokedAs);
  const stop = [
    richText`${code(`${invokedAs} unsubscribe`.padEnd(invokedAs.length + COLUMN))}no more alerts here`,
    richText`${code(`${invokedAs} snooze <meter>`.padEnd(invokedAs.length + COLUMN))}keeps one alert quiet for a while`,
  ];
  return {
    ...listed,
    summary: title,
    title,
    lines: [...(opening === 'stop' && inChat ? stop : []), ...listed.lines, richText`To see this again: ${code(`${invokedAs} help`)}`],
    buttons: [
      { action: 'show', label: 'All credits', value: '', primary: true },
      { action: 'show', label: 'Help', value: 'help' },
    ],
  };
}

/** Lists the commands. `invokedAs`: the name of the slash command, as it was typed. */
export function helpMessage(entries: readonly HelpEntry[], invokedAs: string): Message {
  const lines = entries.flatMap((entry) => (entry !== null && 'usage' in entry ? [entry] : []));
  const also = entries.flatMap((entry) => (entry !== null && 'also' in entry ? [entry.also] : []));
  const title = richText`My commands:`;
  return {
    summary: title,
    title,
    lines: [
      ...lines.map(({ usage, shows }) => {
        const typed = `${invokedAs} ${usage}`.trimEnd();
        return shows === '' ? richText`${code(typed)}` : richText`${code(typed.padEnd(invokedAs.length + COLUMN))}${shows}`;
      }),
      ...(also.length === 0 ? [] : [richText`${code(`${invokedAs} ${also.join(' · ')}`)}`]),
      richText`To explain one command: ${code(`${invokedAs} help check`)}`,
      richText`I see totals, not who used them.`,
    ],
  };
}
