import type { DisabledBecause } from './delivery-store.ts';

/** A Teams conversation that the bot is or was a member of: a channel, a group chat, or the chat with one person. */
export type TeamsConversation = {
  /** Without the thread: `19:abc@thread.tacv2`, `a:1xyz`. */
  readonly id: string;
  readonly account: string;
  /** The organisation; null if an emulator names none. */
  readonly tenant: string | null;
  readonly scope: 'personal' | 'groupChat' | 'channel';
  /** The team of a channel. */
  readonly team: string | null;
  /** The person of a personal chat, as a directory id. */
  readonly person: string | null;
  /** The name of the channel or chat. */
  readonly name: string | null;
  /** The service URL of the latest activity, where replies are sent. */
  readonly serviceUrl: string;
  readonly locale: string | null;
};

/** `removed`: the bot was removed from it. */
type KnownConversation = TeamsConversation & { readonly removed: boolean };

/** A conversation by its id, or all channels of a team. */
export type TeamsPlace = { readonly account: string } & ({ readonly conversation: string } | { readonly team: string });

/** Selects disabled conversations by the code of the reason that they were disabled for. */
type Restored = { readonly because: readonly string[] } | { readonly unless: readonly string[] };

export type StillDisabled = { readonly conversation: string; readonly reason: string };

/** Calls that reserve turns in the rate limit of an organisation. */
export type Turns = {
  readonly count: number;
  readonly everyMs: number;
  /** How many may go at once after an idle time. */
  readonly atOnce: number;
  /** The longest wait for the last of them; beyond it, no turn is reserved. */
  readonly withinMs: number;
};

/**
 * Teams data that the pipeline does not need.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer.
 */
export type TeamsStore = {
  /** A conversation by id; null if it never sent us an activity. */
  conversation(id: string): Promise<KnownConversation | null>;
  chatWith(person: string): Promise<KnownConversation | null>;
  /** The most recent service URL of any conversation; null if Teams never sent an activity. */
  lastServiceUrl(): Promise<string | null>;
  /**
   * Stores a conversation as it is now. `installed`: the bot was added, so a disabled destination is enabled. `by`: the directory id of
   * the person who added it.
   */
  keep(conversation: TeamsConversation, installed: boolean, now: Date, by?: string): Promise<void>;
  /** True once each time the bot is added. The caller that gets true posts the welcome. */
  claimWelcome(id: string, now: Date): Promise<boolean>;
  /** Disables conversations that the bot was removed from, with this reason, and reports it. */
  remove(place: TeamsPlace, why: DisabledBecause, now: Date, by?: string): Promise<void>;
  /** Enables conversations that were disabled for the selected reasons. Returns those that stay disabled, with their reasons. */
  restore(place: TeamsPlace, meant: Restored, now: Date): Promise<readonly StillDisabled[]>;
  /**
   * Counts a "not found" answer from Teams for a conversation. True the second time with nothing delivered in between, counted across
   * processes.
   */
  markUnknown(address: string, now: Date): Promise<boolean>;
  rename(place: TeamsPlace, name: string): Promise<void>;
  /**
   * Reserves turns across processes, by the clock of the database. Returns the milliseconds until the last turn; each one before it
   * comes `everyMs` earlier, and a value of 0 or less means now. Null if the last turn would come too late.
   */
  takeTurns(tenant: string, turns: Turns): Promise<number | null>;
  /** Stores a person's name, so that a message can name who did something. */
  rememberName(account: string, person: string, name: string, now: Date): Promise<void>;
  /** The names of people and conversations, by id. */
  names(account: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
