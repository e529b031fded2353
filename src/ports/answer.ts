import type { DestinationAddress } from '../core/route.ts';
import type { ButtonAction, Message } from '../core/words/message.ts';

/** Who asks, on which platform and where: decides whose credits are shown, and what may be changed. */
export type Asker = {
  readonly account: string;
  readonly platform: 'slack' | 'teams' | 'terminal';
  /** Platform user id. */
  readonly user: string;
  /** How the command was typed, for the help text: `/usage`, `npx creditwatch usage`. */
  readonly invokedAs: string;
  /** Where it was asked, as a destination: in a direct message that is the person. Null where nothing can be posted. */
  readonly place: DestinationAddress | null;
  /** Asked where nobody else reads: a direct message, the terminal. */
  readonly direct: boolean;
  /** Whether the platform knows the asker as one of its administrators. False when it does not say. */
  isPlatformAdmin(): Promise<boolean>;
};

export type Reply =
  /** `to`: the asker alone, or everybody where it was asked. */
  | { readonly kind: 'message'; readonly message: Message; readonly to: 'asker' | 'everybody' }
  /** Nothing to say: the messages that stand there show it. */
  | { readonly kind: 'done' };

type Pressed = { readonly action: ButtonAction; readonly value: string };

/** What people type and press, the same on every platform. Each throws StoreUnavailable when the database is away. */
export type Chat = {
  /** Answers a typed command: "", "apollo", "help". */
  answer(text: string, asker: Asker): Promise<Reply>;
  /** Does what a button of a message of ours stands for. */
  press(pressed: Pressed, asker: Asker): Promise<Reply>;
};

/** A message to the asker alone. */
export function toAsker(message: Message): Reply {
  return { kind: 'message', message, to: 'asker' };
}
