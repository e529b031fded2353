import type { Capabilities, Place } from '../../core/notifications/delivery-plan.ts';
import type { FindOutcome, SendOutcome } from '../../core/notifications/delivery.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { Severity } from '../../core/rules/severity.ts';
import type { Message } from '../../core/text/message.ts';
import type { PlatformId } from '../../core/text/person.ts';

export type SendRequest = {
  readonly address: string;
  readonly place: Place;
  readonly message: Message;
  readonly severity: Severity | null;
  /** Sent with the message, so that it can be found later, on platforms that support it. */
  readonly deliveryId: string;
  /** True if an earlier attempt may have been delivered and cannot be looked up. The message is then marked as a possible duplicate. */
  readonly possibleDuplicate: boolean;
  /**
   * Checked immediately before the message is written to the connection. If false, another process may own the destination, and nothing
   * is sent. Absent if no other process can.
   */
  readonly mayWrite?: () => boolean;
};

export type FindRequest = {
  readonly address: string;
  /** The place where the message was posted. No other place is searched. */
  readonly place: Place;
  readonly deliveryId: string;
  /** When the first attempt was made. Older messages are not searched. */
  readonly since: Date;
  /** When the last attempt with an unknown outcome was made. */
  readonly doubtedAt: Date;
};

/** Posts a message to a place to check that alerts can be delivered there. Null on platforms where receiving the command proves it. */
export type ProbeDestination = (place: DestinationAddress, message: Message) => Promise<SendOutcome | null>;

/**
 * Sends to one kind of destination. Makes one attempt and classifies its outcome. Never retries, and never throws for a failure of the
 * platform or the network.
 */
export type Messenger = {
  readonly kind: PlatformId;
  /** The least time between two messages to one destination, in milliseconds. */
  readonly paceMs: number;
  readonly can: Capabilities;
  /** Set if commands are answered even where the bot cannot post, so receiving a command does not prove that it can. */
  readonly answersElsewhere?: true;
  send(request: SendRequest): Promise<SendOutcome>;
  /**
   * Looks up whether a message of an earlier attempt was posted, with a call that posts nothing. If that cannot be looked up, checks at
   * least that the platform answers again: a message that is resent during an outage is lost as well.
   */
  find(request: FindRequest): Promise<FindOutcome>;
};
