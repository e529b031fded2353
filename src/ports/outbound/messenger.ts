import type { Capabilities, Place } from '../../core/notifications/delivery-plan.ts';
import type { FindOutcome, SendOutcome } from '../../core/notifications/delivery.ts';
import type { DestinationAddress, DestinationKind } from '../../core/notifications/route.ts';
import type { Severity } from '../../core/rules/severity.ts';
import type { Message } from '../../core/text/message.ts';

export type SendRequest = {
  readonly address: string;
  readonly place: Place;
  readonly message: Message;
  readonly severity: Severity | null;
  /** Goes with the message where the platform can carry it, so that it can be found again. */
  readonly deliveryId: string;
  /** True when an earlier attempt may have landed and cannot be looked up: the message says that it may be a repeat. */
  readonly possibleDuplicate: boolean;
  /**
   * Asked as late as can be, right before the message is written to the connection: false when another process may have taken
   * the destination over meanwhile, and then nothing is sent. Absent: nobody else would.
   */
  readonly mayWrite?: () => boolean;
};

export type FindRequest = {
  readonly address: string;
  /** Where it was meant to stand: look nowhere else. */
  readonly place: Place;
  readonly deliveryId: string;
  /** When the first attempt was made: look no further back. */
  readonly since: Date;
  /** When the last attempt was made that may have landed. */
  readonly doubtedAt: Date;
};

/**
 * Posts something where alerts shall come, so that it shows whether they can. Null where being asked there shows it.
 */
export type ProbeDestination = (place: DestinationAddress, message: Message) => Promise<SendOutcome | null>;

/**
 * Sends to one kind of destination. Makes one attempt and classifies what came of it; never retries, never throws for
 * what a platform or a network can do.
 */
export type Messenger = {
  readonly kind: DestinationKind;
  /** The least time between two messages to one destination, in milliseconds. */
  readonly paceMs: number;
  readonly can: Capabilities;
  /** Commands are answered also where it cannot post: that they are shows nothing. */
  readonly answersElsewhere?: true;
  send(request: SendRequest): Promise<SendOutcome>;
  /**
   * Looks whether a message of an earlier attempt stands there, by a call that posts nothing. Where that cannot be looked up it at least
   * makes sure that the platform answers by now, as far as it can be asked: what is sent again into a silence is lost as well.
   */
  find(request: FindRequest): Promise<FindOutcome>;
};
