import { COMMAND_HELP, commandHelpMessage, noSuchCommand } from '../messages/replies/command-help.ts';
import { helpMessage, type HelpEntry } from '../messages/replies/help.ts';
import { toRequester, type Requester } from '../ports/inbound/chat.ts';
import type { CommandKind } from './command.ts';
import { isFiller } from './small-talk.ts';
import { nearestWord } from '../core/text/nearest-word.ts';

type Kinds = () => readonly Pick<CommandKind<never>, 'help'>[];

/** Creates the help, which lists the commands of the registry. It also explains one command: `help check`. */
export function helpFor(kinds: Kinds): CommandKind<string> {
  return {
    word: 'help',
    help: null,
    isOpen: () => true,
    parse: (rest) => rest.replace(/^\//, '').toLowerCase(),
    async run(asked, { requester }) {
      const all = helpMessage(helpEntries(kinds, requester), requester.invokedAs);
      // "help me please" names no command.
      const [first] = asked.split(' ').filter((one) => !isFiller(one));
      if (first === undefined || first === '') return toRequester(all);
      const word = COMMAND_HELP[first] ? first : (nearestWord(first, Object.keys(COMMAND_HELP)) ?? '');
      const one = COMMAND_HELP[word];
      return toRequester(one ? commandHelpMessage(word, one, requester.invokedAs) : noSuchCommand(asked, all));
    },
  };
}

/** Returns the entries of the help for a requester: in a terminal, nothing can be subscribed. */
export function helpEntries(kinds: Kinds, { inTerminal }: Pick<Requester, 'inTerminal'>): readonly HelpEntry[] {
  const entries = kinds().map(({ help }) => help);
  return inTerminal ? entries.filter((entry) => entry === null || !('inChat' in entry)) : entries;
}
