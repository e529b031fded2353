import type { MayChange, Person } from '../../core/text/person.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Form } from '../../core/text/form.ts';
import type { ButtonAction, Message } from '../../core/text/message.ts';

/** The person who asks, and the place. They decide which account is shown and what the person may change. */
export type Requester = {
  readonly account: string;
  readonly person: Person;
  /** How the command was typed, for the help text: `/usage`, `npx creditwatch usage`. */
  readonly invokedAs: string;
  /** Where the person asked, as a destination; in a direct message, the person. Null where nothing can be posted. */
  readonly place: DestinationAddress | null;
  /** The name of that place, if the platform gives it: `ops` for `#ops`. */
  readonly placeName?: string;
  /** True where no one else can read: a direct message, the terminal. */
  readonly direct: boolean;
  /** Set in the terminal, where everyone has a shell on this machine: no buttons, no forms, nothing to subscribe to. */
  readonly inTerminal?: true;
  /** Set if the platform says who administers the workspace, so that `isPlatformAdmin` may be true. */
  readonly knowsAdmins?: true;
  /** Set in a group message, where a command cannot invite the bot. */
  readonly inGroupMessage?: true;
  /**
   * Whether a message of ours is in the place where the person asked, by its reference. If absent, every message posted to `place` is
   * there. A direct message between two people is different: messages to the requester are in another conversation.
   */
  standsHere?(messageRef: string): boolean;
  /** Whether the requester is an administrator on the platform. False if the platform does not say. */
  isPlatformAdmin(): Promise<boolean>;
  /** Whether the requester may change anything, as far as the platform says. If the platform does not answer, the answer is no. */
  mayChange(): Promise<MayChange>;
};

export type Reply =
  /** `to`: `requester`; `alone`, which only the requester sees even if the question was public; or `everybody` in the place. */
  | {
      readonly kind: 'message';
      readonly message: Message;
      readonly to: 'requester' | 'alone' | 'everybody';
      /** Reads the figures in the message, as JSON, for scripts that use the command line. */
      readonly data?: () => object | Promise<object>;
    }
  /** Nothing to post: the existing messages show the result. */
  | { readonly kind: 'done' }
  /** A form to fill in first. `message` says what to do where the platform cannot show a form. */
  | { readonly kind: 'form'; readonly form: Form; readonly message: Message };

/** The submitted values are invalid. The form stays open and shows the problem of each field, by its name. */
export type Invalid = { readonly kind: 'invalid'; readonly problems: Readonly<Record<string, string>> };

type ButtonClick = { readonly action: ButtonAction; readonly value: string };
/** `form`: the id of the form. `values`: the submitted values, by the names of the fields. All of it is untrusted input. */
type Submitted = { readonly form: string; readonly values: Readonly<Record<string, string>> };

/**
 * Answers commands, buttons and forms, the same way on every platform.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer.
 */
export type Chat = {
  /** Answers a typed command: "", "apollo", "help". */
  answer(text: string, requester: Requester): Promise<Reply>;
  /** Runs the action of a button. */
  clickButton(clicked: ButtonClick, requester: Requester): Promise<Reply>;
  /** Runs a submitted form. */
  submit(submitted: Submitted, requester: Requester): Promise<Reply | Invalid>;
};

/**
 * Builds a reply to the requester. If the question was public, so is the reply.
 *
 * @param data reads the figures in the message
 */
export function toRequester(message: Message, data?: () => object | Promise<object>): Reply {
  return { kind: 'message', message, to: 'requester', ...(data && { data }) };
}

/** Builds a reply that only the requester sees: a refusal or a failed command. */
export function toRequesterAlone(message: Message): Reply {
  return { kind: 'message', message, to: 'alone' };
}
