import type { AuditPlatform } from '../../core/audit/audit.ts';
import type { DigestSnapshot } from '../../core/notifications/digest.ts';
import type { MeterSelector } from '../../core/meters/meter.ts';
import type { DestinationAddress, RouteOrigin, RouteSettings } from '../../core/notifications/route.ts';
import type { Schedule } from '../../core/time/schedule.ts';

type SubscribedRoute = {
  readonly id: string;
  readonly settings: RouteSettings;
  readonly origin: RouteOrigin;
  /** Who subscribed it in chat: a platform user id. */
  readonly by: string | null;
};

/** Whose wish, and for which place: a channel, or the person itself in a direct message. `by` is a platform user id. */
type Wish = { readonly account: string; readonly place: DestinationAddress; readonly by: string; readonly platform: AuditPlatform };

/** A route of creditwatch.yml leads there: it is changed in the file. */
type ManagedInFile = { readonly done: 'managed-in-file' };
/** Chat has subscribed nothing there. */
type Nothing = { readonly done: 'nothing' };

/** `former`: what chat had subscribed there before. */
type Subscribed =
  { readonly done: 'subscribed'; readonly settings: RouteSettings; readonly former: SubscribedRoute | null } | ManagedInFile;
type Unsubscribed = { readonly done: 'unsubscribed' } | ManagedInFile | Nothing;
/** `nextAt`: when the next digest goes out; null for none. */
type DigestSet = { readonly done: 'set'; readonly settings: RouteSettings; readonly nextAt: Date | null } | ManagedInFile | Nothing;

/**
 * What a channel or a person gets, changed from chat. Routes of creditwatch.yml are managed there and read-only here.
 * Every method throws StoreUnavailable when the database is away.
 */
export type Subscriptions = {
  /** The routes that lead to a place. */
  at(account: string, place: DestinationAddress): Promise<readonly SubscribedRoute[]>;
  /**
   * Adds to what chat subscribed there before, whose digest stays as it was, or with `replaces` takes its place. A first digest
   * is on Mondays at 09:00. What is open now is told there once it is confirmed.
   */
  subscribe(
    command: Wish & { readonly meters: MeterSelector; readonly operations: boolean; readonly replaces?: boolean },
  ): Promise<Subscribed>;
  /** Alerts can arrive where one has just subscribed. */
  confirm(command: Pick<Wish, 'account' | 'place'>): Promise<void>;
  /** They cannot: what came there before does again, unless somebody else has subscribed there meanwhile. */
  takeBack(command: Wish & { readonly former: SubscribedRoute | null }): Promise<void>;
  unsubscribe(command: Wish): Promise<Unsubscribed>;
  /** Null: no digest any more. */
  setDigest(command: Wish & { readonly digest: Schedule | null }): Promise<DigestSet>;
  /** The digest of a place as it would go out now; of all meters when nothing is subscribed there, or no place is given. */
  digestNow(account: string, place: DestinationAddress | null): Promise<DigestSnapshot>;
};
