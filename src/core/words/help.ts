import type { Message } from './message.ts';
import { code, say } from './phrase.ts';

/** A line of its own, as it is typed and what it shows, or a place among what there is `also`. `inChat`: not where nothing can be posted. Null leaves it out. */
export type HelpEntry = { readonly usage: string; readonly shows: string; readonly inChat?: true } | { readonly also: string } | null;

/** What is typed stands in a column of this width, behind the command's name. */
const COLUMN = 22;

/** The commands there are, with the command as it was typed: `/usage`. */
export function helpWords(entries: readonly HelpEntry[], invokedAs: string): Message {
  const lines = entries.flatMap((entry) => (entry !== null && 'usage' in entry ? [entry] : []));
  const also = entries.flatMap((entry) => (entry !== null && 'also' in entry ? [entry.also] : []));
  const title = say`What I answer:`;
  return {
    summary: title,
    title,
    lines: [
      ...lines.map(({ usage, shows }) => {
        const typed = `${invokedAs} ${usage}`.trimEnd();
        return shows === '' ? say`${code(typed)}` : say`${code(typed.padEnd(invokedAs.length + COLUMN))}${shows}`;
      }),
      ...(also.length === 0 ? [] : [say`${code(`${invokedAs} ${also.join(' · ')}`)}`]),
      say`I know totals, not who used them.`,
    ],
  };
}
