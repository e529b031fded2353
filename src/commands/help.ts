import { code, say, strong, type Phrase } from '../core/words/phrase.ts';
import { toAsker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';

/** The help lists what the registry holds, so that it never promises what is not there. */
export function helpFor(kinds: () => readonly Pick<CommandKind<never>, 'help'>[]): CommandKind<null> {
  return {
    word: 'help',
    help: { usage: 'help', shows: 'this' },
    parse: () => null,
    async run(_args, { asker }) {
      const lines: Phrase[] = [];
      for (const { help } of kinds()) if (help) lines.push(say`${code([asker.invokedAs, help.usage].filter(Boolean).join(' '))}  ${help.shows}`);
      const title = say`${strong('Creditwatch')}: how much of the bought credits is used`;
      return toAsker({ summary: title, title, lines: [...lines, say`I know totals, not who used them.`] });
    },
  };
}
