/** A Teams conversation that the bot is in, or was: a channel, a group chat, or the chat with one person. */
export type TeamsConversation = {
  /** Without the thread: `19:abc@thread.tacv2`, `a:1xyz`. */
  readonly id: string;
  readonly account: string;
  /** The organisation; null when an emulator names none. */
  readonly tenant: string | null;
  readonly scope: 'personal' | 'groupChat' | 'channel';
  /** The team of a channel. */
  readonly team: string | null;
  /** Whom a personal chat is with, by the directory's id. */
  readonly person: string | null;
  /** What the channel or chat is called. */
  readonly name: string | null;
  /** Where Teams last asked to be answered. */
  readonly serviceUrl: string;
  readonly locale: string | null;
};

/** `removed`: the bot was taken out of it. */
type KnownConversation = TeamsConversation & { readonly removed: boolean };

/** A conversation by its id, or all channels of a team. */
export type TeamsPlace = { readonly account: string } & ({ readonly conversation: string } | { readonly team: string });

/** For which reasons something has to be off to be turned on again. */
type Restored = { readonly because: readonly string[] } | { readonly unless: readonly string[] };

export type StillDisabled = { readonly conversation: string; readonly reason: string };

/** Calls that want their turn in an organisation. */
export type Turns = {
  readonly count: number;
  readonly everyMs: number;
  /** How many go at once when none went for a while. */
  readonly atOnce: number;
  /** None of them is taken when the last would come later than this. */
  readonly withinMs: number;
};

/** What is known of Teams beside what the pipeline knows. Every method may throw StoreUnavailable. */
export type TeamsStore = {
  /** Null: it never wrote to us. */
  conversation(id: string): Promise<KnownConversation | null>;
  chatWith(person: string): Promise<KnownConversation | null>;
  /** Where Teams was answered last, wherever that was; null when it never wrote. */
  lastServiceUrl(): Promise<string | null>;
  /** Keeps where something came from, as it is now. `installed`: the bot was added there, so a destination that was off is on again. `by`: who did it, a directory id. */
  keep(conversation: TeamsConversation, installed: boolean, now: Date, by?: string): Promise<void>;
  /** True once for each time the bot is added: whoever gets it says what the bot does. */
  claimWelcome(id: string, now: Date): Promise<boolean>;
  /** The bot is no longer there: nothing is sent there any more, for this reason, and people are told so. */
  remove(place: TeamsPlace, reason: string, now: Date, by?: string): Promise<void>;
  /** It is there again: what is off for the reasons that are meant is on. Returns what stays off, and why. */
  restore(place: TeamsPlace, meant: Restored, now: Date): Promise<readonly StillDisabled[]>;
  /** Teams says that it knows no such conversation. True the second time with nothing sent there in between, whichever process sees it. */
  markUnknown(address: string, now: Date): Promise<boolean>;
  rename(place: TeamsPlace, name: string): Promise<void>;
  /**
   * Takes turns that no other process gets, by the database's clock. In how many milliseconds the last of them comes, the one
   * before `everyMs` earlier and so on; what is not above 0 is at once. Null: too many are taken already.
   */
  takeTurns(tenant: string, turns: Turns): Promise<number | null>;
  /** What a person is called, so that a message can name who did something. */
  rememberName(account: string, person: string, name: string, now: Date): Promise<void>;
  /** What people and conversations are called, by their ids. */
  names(account: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
};
