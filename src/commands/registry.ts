import { commandWordIn, typedText } from '../core/text/typed-text.ts';
import { refusedChange } from '../messages/replies/may-change.ts';
import { toRequesterAlone } from '../ports/inbound/chat.ts';
import { alerts } from './alerts.ts';
import { billing } from './billing.ts';
import { capture } from './capture.ts';
import { check } from './check.ts';
import type { Command, CommandContext, CommandKind } from './command.ts';
import { digest } from './digest.ts';
import { exportCommand } from './export.ts';
import { helpFor } from './help.ts';
import { history } from './history.ts';
import { importCommand } from './import.ts';
import { meterFor } from './meter.ts';
import { details, overview } from './overview.ts';
import { remind } from './remind.ts';
import { request } from './request.ts';
import { correction, resets } from './resets.ts';
import { refusedLook } from './permissions.ts';
import { total } from './total.ts';
import { snooze, unsnooze } from './snooze.ts';
import { subscribe, unsubscribe } from './subscribe.ts';

type SealedKind = Pick<CommandKind<never>, 'word' | 'help'> & { understand(rest: string): Command };

/** All commands, in the order of the help. A new one is one file and one line here. The command without a word gets all other texts. */
const kinds: readonly SealedKind[] = [
  sealed(overview),
  sealed(details),
  sealed(
    meterFor(
      () => kinds,
      () => typedCommands,
    ),
  ),
  sealed(check),
  sealed(subscribe),
  sealed(unsubscribe),
  sealed(digest),
  sealed(request),
  sealed(alerts),
  sealed(snooze),
  sealed(unsnooze),
  sealed(history),
  sealed(exportCommand),
  sealed(billing),
  sealed(importCommand),
  sealed(capture),
  sealed(remind),
  sealed(resets),
  sealed(total),
  sealed(correction),
  sealed(helpFor(() => kinds)),
];

/** The words that select a command. */
export const typedCommands: readonly string[] = kinds.flatMap(({ word }) => word ?? []);

function sealed<Args>(kind: CommandKind<Args>): SealedKind {
  return {
    word: kind.word,
    help: kind.help,
    understand(rest) {
      const args = kind.parse(rest);
      return {
        word: kind.word,
        changes: kind.changes?.(args) ?? false,
        async run(context: CommandContext) {
          const refused =
            (kind.changes?.(args) ? refusedChange(await context.requester.mayChange()) : null) ??
            (kind.isOpen?.(args, context.requester) ? null : await refusedLook(context));
          return refused === null ? kind.run(args, context) : toRequesterAlone(refused);
        },
      };
    },
  };
}

/** Parses the text after the name of the slash command. Extra spaces, case and quotes do not matter. */
export function parseCommand(text: string): Command {
  const words = typedText(text).split(/\s+/);
  const [first = '', ...rest] = words;
  const word = commandWordIn(first);
  const named = kinds.find((kind) => kind.word === word);
  const help = kinds.find((kind) => kind.word === 'help');
  if (named && help && named !== help && rest.length === 1 && commandWordIn(rest[0] ?? '') === 'help') return help.understand(word);
  // The overview has no word: with any text after it, it is another command.
  if (named) return named.understand(rest.join(' '));
  const open = kinds.find((kind) => kind.word === null);
  if (!open) throw new Error('no command for other texts');
  return open.understand(words.join(' '));
}
