import { helpWords, type HelpEntry } from '../core/words/help.ts';
import { toAsker, type Asker } from '../ports/answer.ts';
import type { CommandKind } from './command.ts';

type Kinds = () => readonly Pick<CommandKind<never>, 'help'>[];

/** The help lists what the registry holds, so that it never promises what is not there. */
export function helpFor(kinds: Kinds): CommandKind<null> {
  return {
    word: 'help',
    help: null,
    parse: () => null,
    run: async (_args, { asker }) => toAsker(helpWords(helpEntries(kinds, asker), asker.invokedAs)),
  };
}

/** What the help lists for somebody: in a terminal nothing can be subscribed. */
export function helpEntries(kinds: Kinds, { platform }: Pick<Asker, 'platform'>): readonly HelpEntry[] {
  const entries = kinds().map(({ help }) => help);
  return platform === 'terminal' ? entries.filter((entry) => entry === null || !('inChat' in entry)) : entries;
}
