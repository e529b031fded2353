import type { HelpEntry } from '../messages/replies/help.ts';
import type { Actions } from '../ports/inbound/actions.ts';
import type { Requester, Reply } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ParseImport } from '../ports/inbound/import.ts';
import type { Ingest } from '../ports/inbound/ingest.ts';
import type { ProbeDestination } from '../ports/outbound/messenger.ts';
import type { Queries } from '../queries/queries.ts';
import type { Subscriptions } from '../ports/inbound/subscriptions.ts';

/** What commands work with, whoever asks. */
export type ChatParts = {
  readonly queries: Queries;
  readonly actions: Actions;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly ingest: Ingest;
  readonly parseImport: ParseImport;
  readonly tryPlace: ProbeDestination;
  /** What a platform is called, by its id; without it, as the id says. */
  readonly platformName?: (id: string) => string;
};
export type CommandContext = ChatParts & { readonly requester: Requester };

/** A kind of command: one file, one line in commands/registry.ts. */
export type CommandKind<Args> = {
  /** The first word that chooses it; null for the one that takes what no other does. */
  readonly word: string | null;
  readonly help: HelpEntry;
  /** Whether it changes something, which guests may not. */
  changes?(args: Args): boolean;
  /** Whether it shows nothing of the credits, so that also those may use it who may not look. Without it none of them may. */
  isOpen?(args: Args, requester: Requester): boolean;
  /** Reads what follows the word. Everything people type is understood as something. */
  parse(rest: string): Args;
  run(args: Args, context: CommandContext): Promise<Reply>;
};

/** A command as it was understood, the same for Slack, Teams and the terminal. */
export type Command = {
  readonly word: string | null;
  /** Whether it changes something. */
  readonly changes: boolean;
  run(context: CommandContext): Promise<Reply>;
};
