import { COMMAND_HELP, commandHelpWords, noSuchCommand } from '../messages/replies/command-help.ts';
import { helpWords, type HelpEntry } from '../messages/replies/help.ts';
import { toAsker, type Asker } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { isFiller } from './small-talk.ts';
import { nearestCommand } from './slips.ts';

type Kinds = () => readonly Pick<CommandKind<never>, 'help'>[];

/** The help lists what the registry holds, so that it never promises what is not there. Behind it a command may be named. */
export function helpFor(kinds: Kinds): CommandKind<string> {
  return {
    word: 'help',
    help: null,
    isOpen: () => true,
    parse: (rest) => rest.replace(/^\//, '').toLowerCase(),
    async run(asked, { asker }) {
      const all = helpWords(helpEntries(kinds, asker), asker.invokedAs);
      // "help me please" names no command.
      const [first] = asked.split(' ').filter((one) => !isFiller(one));
      if (first === undefined || first === '') return toAsker(all);
      const word = COMMAND_HELP[first] ? first : (nearestCommand(first, Object.keys(COMMAND_HELP)) ?? '');
      const one = COMMAND_HELP[word];
      return toAsker(one ? commandHelpWords(word, one, asker.invokedAs) : noSuchCommand(asked, all));
    },
  };
}

/** What the help lists for somebody: in a terminal nothing can be subscribed. */
export function helpEntries(kinds: Kinds, { platform }: Pick<Asker, 'platform'>): readonly HelpEntry[] {
  const entries = kinds().map(({ help }) => help);
  return platform === 'terminal' ? entries.filter((entry) => entry === null || !('inChat' in entry)) : entries;
}
