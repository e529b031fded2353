import type { Message } from '../core/words/message.ts';

/** Who asks, on which platform: decides whose credits are shown. */
export type Asker = {
  readonly account: string;
  readonly platform: 'slack' | 'teams' | 'terminal';
  /** Platform user id. */
  readonly user: string;
  /** How the command was typed, for the help text: `/usage`, `npx creditwatch usage`. */
  readonly invokedAs: string;
};

/** Answers a typed command ("", "apollo", "help") for the asker alone. Throws StoreUnavailable when the database is away. */
export type Answer = (text: string, asker: Asker) => Promise<Message>;
