import type { Message } from '../../core/text/message.ts';
import { code, richText } from '../../core/text/rich-text.ts';

/** A line of its own, as it is typed and what it shows, or a place among what there is `also`. `inChat`: not where nothing can be posted. Null leaves it out. */
export type HelpEntry = { readonly usage: string; readonly shows: string; readonly inChat?: true } | { readonly also: string } | null;

/** What is typed stands in a column of this width, behind the command's name. */
const COLUMN = 22;

/** To somebody who greets, thanks, asks a question, or wants it to stop: what can be asked instead. */
const OPENINGS = {
  greeting: richText`Hello! These are my commands:`,
  thanks: richText`You're welcome. These are my commands:`,
  help: richText`These are my commands:`,
  stop: richText`To stop my messages:`,
} as const;

/**
 * Offers the help where no command was typed.
 *
 * @param entries what the help lists
 * @param inChat whether there is something to turn off
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

/** The commands there are, with the command as it was typed: `/usage`. */
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
