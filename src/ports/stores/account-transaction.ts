import type { AuditEntry } from '../../core/audit/audit.ts';
import type { DeliveryAction } from '../../core/notifications/delivery.ts';
import type { PostedAlert } from '../../core/status/digest-meter.ts';
import type { PresumedResetSnapshot, Snapshot } from '../../core/notifications/notification.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { DestinationAddress, Route } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { ExpectedInterval } from '../../core/status/staleness.ts';
import type { TimerKind } from '../../core/notifications/timer.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';
import type { Person } from '../../core/text/person.ts';

export type NewNotification = {
  readonly id: string;
  readonly alertId: string | null;
  /** Groups the notifications about one subject: the alert's id, or an id of its own. */
  readonly threadId: string;
  readonly snapshot: Snapshot;
  readonly deliveries: readonly NewDelivery[];
};

export type NewDelivery = {
  readonly id: string;
  readonly destinationId: string;
  readonly mentions: readonly Person[];
  readonly action: DeliveryAction;
  /** The delivery whose message is edited or replied to. */
  readonly targetId: string | null;
};

/**
 * Operations that every write transaction offers, within one account.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer; the transaction is rolled back.
 */
export type AccountTransaction = {
  readonly account: { readonly id: string; readonly timeZone: string };
  readonly now: Date;
  /** Adds a row to the audit record in this transaction, so that it is stored only if the change is. */
  record(entry: AuditEntry): Promise<void>;
  /** Rules that creditwatch.yml declared. */
  rules(): Promise<readonly Rule[]>;
  /** Routes that creditwatch.yml or chat declared. */
  routes(): Promise<readonly Route[]>;
  /** Which way the alerts of some meters take. Reads no other routes. */
  routing(meters: readonly Pick<Meter, 'source' | 'key'>[]): Promise<Routing>;
  destinations(): Promise<readonly DestinationRow[]>;
  /**
   * The enabled destinations for operations: those of the routes for operations, else the fallback destinations, else the terminal.
   */
  operations(): Promise<readonly DestinationRow[]>;
  /** Returns the destination of an address; creates it if it is new. */
  destination(address: DestinationAddress): Promise<DestinationRow>;
  /** All meters of the account that have a reading, each with the expected interval of its source. */
  meters(): Promise<readonly { readonly meterState: MeterState; readonly expectedInterval: ExpectedInterval }[]>;
  /** The meters of the account that have a reading and an open alert. */
  metersWithAlerts(): Promise<readonly MeterState[]>;
  /**
   * The notifications about the alerts of meters since an instant, and those that opened the alerts that are still open; by meter, oldest
   * first. A meter without such notifications has no entry.
   */
  postedAlerts(meterIds: readonly string[], since: Date): Promise<ReadonlyMap<string, readonly PostedAlert[]>>;
  /** All messages of each thread that are posted or pending, newest first. A thread without messages has no entry. */
  messagesOf(
    threadIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly { readonly destinationId: string; readonly deliveryId: string }[]>>;
  /**
   * Saves notifications with their deliveries. A post to a person is held until `quietUntil`. An edit or a reply is held as long as its
   * message.
   */
  saveNotifications(notifications: readonly NewNotification[], quietUntil: (notification: NewNotification) => Date | null): Promise<void>;
  /**
   * The people who acknowledged each alert, then those who requested more credits of its meter while it was open. An alert without such
   * people has no entry.
   */
  lookedAfter(alertIds: readonly string[]): Promise<ReadonlyMap<string, readonly Person[]>>;
  /** The latest snapshot of a thread. */
  lastSnapshot(threadId: string): Promise<Snapshot | null>;
  /** Presumed resets of a source's meters since an instant, each as last posted. */
  presumedResets(source: string, since: Date): Promise<readonly { readonly threadId: string; readonly snapshot: PresumedResetSnapshot }[]>;
  /** Sets or moves a timer; null deletes it. */
  setTimer(kind: TimerKind, subject: string, dueAt: Date | null): Promise<void>;
  /** Sets or moves the timers of several subjects. */
  setTimers(kind: TimerKind, subjects: readonly string[], dueAt: Date): Promise<void>;
  /** Sets a timer, or moves it to an earlier time. Never moves it later. */
  hastenTimer(kind: TimerKind, subject: string, dueAt: Date): Promise<void>;
};

/** `isDisabled`: the destination is disabled until someone fixes the cause. */
export type DestinationRow = DestinationAddress & { readonly id: string; readonly fallback: boolean; readonly isDisabled: boolean };

/** A route for alerts, and the destination that it leads to. */
export type RouteToDestination = { readonly route: Route; readonly destination: DestinationRow };

/** The routes of some meters, and the destinations that get the alerts without a route. */
export type Routing = { readonly routes: readonly RouteToDestination[]; readonly fallback: readonly DestinationRow[] };
