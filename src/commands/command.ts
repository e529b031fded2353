import type { HelpEntry } from '../messages/replies/help.ts';
import type { Actions } from '../ports/inbound/actions.ts';
import type { Requester, Reply } from '../ports/inbound/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ParseImport } from '../ports/inbound/import.ts';
import type { Ingest } from '../ports/inbound/ingest.ts';
import type { ProbeDestination } from '../ports/outbound/messenger.ts';
import type { Queries } from '../queries/queries.ts';
import type { Subscriptions } from '../ports/inbound/subscriptions.ts';

/** What commands need, independent of the requester. */
export type ChatParts = {
  readonly queries: Queries;
  readonly actions: Actions;
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
  readonly ingest: Ingest;
  readonly parseImport: ParseImport;
  readonly tryPlace: ProbeDestination;
  /** Returns the name of a platform; by default, its id capitalized. */
  readonly platformName?: (id: string) => string;
};
export type CommandContext = ChatParts & { readonly requester: Requester };

/** A kind of command: one file and one line in src/commands/registry.ts. */
export type CommandKind<Args> = {
  /** The first word that selects it; null for the one that gets all other texts. */
  readonly word: string | null;
  readonly help: HelpEntry;
  /** Whether it changes something, which guests may not do. */
  changes?(args: Args): boolean;
  /** Whether people who may not see the figures can use it, because it shows none. Without it they cannot. */
  isOpen?(args: Args, requester: Requester): boolean;
  /** Parses the text after the word. Never fails: every text has a meaning. */
  parse(rest: string): Args;
  run(args: Args, context: CommandContext): Promise<Reply>;
};

/** A parsed command, the same for Slack, Teams and the terminal. */
export type Command = {
  readonly word: string | null;
  /** Whether it changes something. */
  readonly changes: boolean;
  run(context: CommandContext): Promise<Reply>;
};
