import { alerts } from './alerts.ts';
import { check } from './check.ts';
import type { Command, CommandContext, CommandKind } from './command.ts';
import { helpFor } from './help.ts';
import { importCommand } from './import.ts';
import { meter } from './meter.ts';
import { details, overview } from './overview.ts';
import { request } from './request.ts';
import { snooze, unsnooze } from './snooze.ts';

type SealedKind = Pick<CommandKind<never>, 'word' | 'help'> & { understand(rest: string): Command };

/** Every command there is. A new one is one file and one line here. The one without a word takes what no other does. */
const kinds: readonly SealedKind[] = [sealed(overview), sealed(details), sealed(meter), sealed(check), sealed(request), sealed(alerts), sealed(snooze), sealed(unsnooze), sealed(importCommand), sealed(helpFor(() => kinds))];

function sealed<Args>(kind: CommandKind<Args>): SealedKind {
  return {
    word: kind.word,
    help: kind.help,
    understand(rest) {
      const args = kind.parse(rest);
      return { word: kind.word, run: (context: CommandContext) => kind.run(args, context) };
    },
  };
}

/** Reads what somebody typed after the command's name: extra spaces and capitals do not matter. */
export function parseCommand(text: string): Command {
  const words = text.trim().split(/\s+/);
  const [first = '', ...rest] = words;
  const named = kinds.find((kind) => kind.word === first.toLowerCase());
  // "overview" has no word of its own: anything after it would not be it.
  if (named) return named.understand(rest.join(' '));
  const open = kinds.find((kind) => kind.word === null);
  if (!open) throw new Error('no command takes the rest');
  return open.understand(words.join(' '));
}
