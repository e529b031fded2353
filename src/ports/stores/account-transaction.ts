import type { AuditEntry } from '../../core/audit/audit.ts';
import type { DeliveryAction } from '../../core/notifications/delivery.ts';
import type { PostedAlert } from '../../core/status/digest-meter.ts';
import type { PresumedResetSnapshot, Snapshot } from '../../core/notifications/notification.ts';
import type { DestinationAddress, Route } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { ExpectedInterval } from '../../core/status/staleness.ts';
import type { TimerKind } from '../../core/notifications/timer.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';

export type NewNotification = {
  readonly id: string;
  readonly alertId: string | null;
  /** Notifications of one thread speak of one thing: the alert's id, or one of its own. */
  readonly threadId: string;
  readonly snapshot: Snapshot;
  readonly deliveries: readonly NewDelivery[];
};

export type NewDelivery = {
  readonly id: string;
  readonly destinationId: string;
  readonly mentions: readonly string[];
  readonly action: DeliveryAction;
  /** The delivery whose message it edits or replies to. */
  readonly targetId: string | null;
};

/** What every transaction of the write side can do, within one account. */
export type AccountTransaction = {
  readonly account: { readonly id: string; readonly timeZone: string };
  readonly now: Date;
  /** Records who did what, in this transaction: without it there is no such row. */
  record(entry: AuditEntry): Promise<void>;
  /** Rules that creditwatch.yml declared. */
  rules(): Promise<readonly Rule[]>;
  /** Routes that creditwatch.yml or chat declared. */
  routes(): Promise<readonly Route[]>;
  destinations(): Promise<readonly DestinationRow[]>;
  /** The destination of an address, made if it is new. */
  destination(address: DestinationAddress): Promise<DestinationRow>;
  /** All meters of the account that have figures, each with the kind of its source. */
  meters(): Promise<readonly { readonly meterState: MeterState; readonly expectedInterval: ExpectedInterval }[]>;
  /** What was said of a meter's alerts since an instant, and what opened those that are still open; oldest first. */
  postedAlerts(meterId: string, since: Date): Promise<readonly PostedAlert[]>;
  /** Where this thread was told so far or is about to be, with the delivery that told it last there. */
  postedDeliveriesOf(threadId: string): Promise<readonly { readonly destinationId: string; readonly deliveryId: string }[]>;
  /** Every message of a thread that was posted or is about to be, newest first. */
  messagesOf(threadId: string): Promise<readonly { readonly destinationId: string; readonly deliveryId: string }[]>;
  /** What edits or answers a message that is held is held as long. `heldUntil` is asked about posts alone. */
  saveNotifications(
    notifications: readonly NewNotification[],
    heldUntil: (notification: NewNotification, delivery: NewDelivery) => Date | null,
  ): Promise<void>;
  /** Who acknowledged an alert, and then who asked for more of its meter, while it was open: platform user ids. */
  lookedAfter(alertId: string): Promise<readonly string[]>;
  /** What the latest message of a thread says. */
  lastSnapshot(threadId: string): Promise<Snapshot | null>;
  /** What was taken for a reset of a source's meters since an instant, as it was said last. */
  presumedResets(source: string, since: Date): Promise<readonly { readonly threadId: string; readonly snapshot: PresumedResetSnapshot }[]>;
  /** Sets or moves a timer; null takes it away. */
  setTimer(kind: TimerKind, subject: string, dueAt: Date | null): Promise<void>;
  /** Sets a timer, or moves it if it would ring later. */
  hastenTimer(kind: TimerKind, subject: string, dueAt: Date): Promise<void>;
};

/** `off`: nothing is sent there until somebody has followed the remedy. */
export type DestinationRow = DestinationAddress & { readonly id: string; readonly fallback: boolean; readonly off: boolean };
