import type { MayChange } from '../../core/notifications/person.ts';
import type { DestinationAddress, DestinationKind } from '../../core/notifications/route.ts';
import type { Form } from '../../core/text/form.ts';
import type { ButtonAction, Message } from '../../core/text/message.ts';

/** Who asks, on which platform and where: decides whose credits are shown, and what may be changed. */
export type Requester = {
  readonly account: string;
  readonly platform: DestinationKind;
  /** Platform user id. */
  readonly user: string;
  /** How the command was typed, for the help text: `/usage`, `npx creditwatch usage`. */
  readonly invokedAs: string;
  /** Where it was asked, as a destination: in a direct message that is the person. Null where nothing can be posted. */
  readonly place: DestinationAddress | null;
  /** What people call that place, where the platform says so: `ops` of `#ops`. */
  readonly placeName?: string;
  /** Asked where nobody else reads: a direct message, the terminal. */
  readonly direct: boolean;
  /** Asked in a group message, where nobody is invited by a command. */
  readonly inGroupMessage?: true;
  /**
   * Whether a message of ours stands where it was asked, by its reference. Without it, whatever is posted to `place` does: but a direct
   * message between two people is none of ours, and what comes to the asker stands elsewhere.
   */
  standsHere?(messageRef: string): boolean;
  /** Whether the platform knows the asker as one of its administrators. False when it does not say. */
  isPlatformAdmin(): Promise<boolean>;
  /** Whether the asker may change anything at all, as far as the platform tells. What it tells nobody, because it does not answer, is a no. */
  mayChange(): Promise<MayChange>;
};

export type Reply =
  /** `to`: the asker; the asker and nobody else, even where it was asked openly; or everybody where it was asked. */
  | {
      readonly kind: 'message';
      readonly message: Message;
      readonly to: 'requester' | 'alone' | 'everybody';
      /** The figures that the message is made of, as JSON: for a script that asks in a terminal. */
      readonly data?: object;
    }
  /** Nothing to say: the messages that stand there show it. */
  | { readonly kind: 'done' }
  /** Something to fill in first. `message` says how else it can be done, where no form can be shown. */
  | { readonly kind: 'form'; readonly form: Form; readonly message: Message };

/** What was filled in cannot be taken: the form stays open and says why, by the name of the field. */
export type Invalid = { readonly kind: 'invalid'; readonly problems: Readonly<Record<string, string>> };

type ButtonClick = { readonly action: ButtonAction; readonly value: string };
/** `form` is the id of the form, `values` what was filled in by the names of its fields. All of it comes from outside. */
type Submitted = { readonly form: string; readonly values: Readonly<Record<string, string>> };

/** What people type and press, the same on every platform. Each throws StoreUnavailable when the database is away. */
export type Chat = {
  /** Answers a typed command: "", "apollo", "help". */
  answer(text: string, requester: Requester): Promise<Reply>;
  /** Does what a button of a message of ours stands for. */
  clickButton(pressed: ButtonClick, requester: Requester): Promise<Reply>;
  /** Takes what was filled in. */
  submit(submitted: Submitted, requester: Requester): Promise<Reply | Invalid>;
};

/**
 * A message to the asker. Where everybody read the question, everybody may read it.
 *
 * @param data the figures that it is made of
 */
export function toRequester(message: Message, data?: object): Reply {
  return { kind: 'message', message, to: 'requester', ...(data && { data }) };
}

/** What was refused, or came to nothing: that is between the asker and Creditwatch. */
export function toRequesterAlone(message: Message): Reply {
  return { kind: 'message', message, to: 'alone' };
}
