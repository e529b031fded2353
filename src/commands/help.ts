import { helpWords } from '../core/words/help.ts';
import { toAsker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';

/** The help lists what the registry holds, so that it never promises what is not there. */
export function helpFor(kinds: () => readonly Pick<CommandKind<never>, 'help'>[]): CommandKind<null> {
  return {
    word: 'help',
    help: null,
    parse: () => null,
    run: async (_args, { asker }) => {
      const entries = kinds().map(({ help }) => help);
      return toAsker(
        helpWords(
          asker.platform === 'terminal' ? entries.filter((entry) => entry === null || !('inChat' in entry)) : entries,
          asker.invokedAs,
        ),
      );
    },
  };
}
