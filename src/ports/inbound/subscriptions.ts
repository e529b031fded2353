import type { DigestSnapshot } from '../../core/notifications/digest.ts';
import type { MeterSelector } from '../../core/meters/meter.ts';
import type { DestinationAddress, RouteOrigin, RouteSettings } from '../../core/notifications/route.ts';
import type { Person } from '../../core/text/person.ts';
import type { Schedule } from '../../core/time/schedule.ts';

type SubscribedRoute = {
  readonly id: string;
  readonly settings: RouteSettings;
  readonly origin: RouteOrigin;
  /** The person who subscribed in chat. */
  readonly by: Person | null;
};

/** The person who asks, and the place: a channel, or that person in a direct message. */
type SubscriptionCommand = {
  readonly account: string;
  readonly place: DestinationAddress;
  readonly by: Person;
};

/** A route of creditwatch.yml leads to the place and can only be changed in the file. */
type ManagedInFile = { readonly done: 'managed-in-file' };
/** The place has no subscription from chat. */
type Nothing = { readonly done: 'nothing' };

/** `former`: the earlier subscription of the place. */
type Subscribed =
  { readonly done: 'subscribed'; readonly settings: RouteSettings; readonly former: SubscribedRoute | null } | ManagedInFile;
type Unsubscribed = { readonly done: 'unsubscribed' } | ManagedInFile | Nothing;
/** `nextAt`: when the next digest is posted; null if there is none. */
type DigestSet = { readonly done: 'set'; readonly settings: RouteSettings; readonly nextAt: Date | null } | ManagedInFile | Nothing;

/**
 * Changes from chat what a channel or a person gets. Routes of creditwatch.yml are read-only here.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer.
 */
export type Subscriptions = {
  /** Lists the routes that lead to a place. */
  at(account: string, place: DestinationAddress): Promise<readonly SubscribedRoute[]>;
  /**
   * Adds to the subscription of a place and keeps its digest; with `replaces`, replaces the subscription. A new subscription has a
   * digest on Mondays at 09:00. Open alerts are posted there after `confirm`.
   */
  subscribe(
    command: SubscriptionCommand & { readonly meters: MeterSelector; readonly operations: boolean; readonly replaces?: boolean },
  ): Promise<Subscribed>;
  /** Confirms that the new subscription can be delivered, and posts the open alerts there. */
  confirm(command: Pick<SubscriptionCommand, 'account' | 'place'>): Promise<void>;
  /**
   * Undoes a subscription that cannot be delivered and restores the former one, unless another person has subscribed there in the
   * meantime.
   */
  takeBack(command: SubscriptionCommand & { readonly former: SubscribedRoute | null }): Promise<void>;
  unsubscribe(command: SubscriptionCommand): Promise<Unsubscribed>;
  /** Sets the digest of a place; null turns it off. */
  setDigest(command: SubscriptionCommand & { readonly digest: Schedule | null }): Promise<DigestSet>;
  /** Builds the digest of a place as of now; of all meters if the place has no subscription, or if there is no place. */
  digestNow(account: string, place: DestinationAddress | null): Promise<DigestSnapshot>;
};
