import type { PastAlert } from '../../core/alerts/alert-history.ts';
import type { Actor } from '../../core/audit/audit.ts';
import type { DeliveryStatus } from '../../core/notifications/delivery.ts';
import type { RecordedReading } from '../../core/meters/export.ts';
import type { MeterNow } from '../../core/status/meter-status.ts';
import type { Meter } from '../../core/meters/meter.ts';
import type { Snapshot, UndeliveredEnd } from '../../core/notifications/notification.ts';
import type { Machine } from '../../core/audit/pasted.ts';
import type { PollLedger } from '../../core/meters/poll.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { DestinationAddress, DestinationKind, Route } from '../../core/notifications/route.ts';
import type { Rule } from '../../core/rules/rule.ts';
import type { HeldReading } from '../../core/meters/held-reading.ts';

/** A meter with its latest figures. `held`: an odd reading that came later and waits to be confirmed. */
export type StoredMeter = { readonly meter: Meter; readonly reading: Reading; readonly held: HeldReading | null };

export type DestinationState = {
  readonly id: string;
  readonly account: string;
  readonly kind: DestinationKind;
  readonly address: string;
  readonly fallback: boolean;
  readonly routes: readonly string[];
  readonly disabledReason: string | null;
  readonly pending: number;
  /** Why the first of what waits has not gone out yet. */
  readonly trouble: string | null;
};

/** A delivery that ended unsaid. */
export type Undelivered = {
  readonly id: string;
  readonly place: DestinationAddress;
  readonly ended: UndeliveredEnd;
  readonly reason: string;
  readonly at: Date;
  readonly snapshot: Snapshot;
};

export type ReadStore = {
  timeZone(account: string): Promise<string>;
  /** Who may change rules and routes in chat: platform user ids. */
  admins(account: string): Promise<readonly string[]>;
  /**
   * What sends a source's figures, so that only admins paste over them; null for what people may paste, and for no
   * such source. A new name that looks like that of a source (another case, other spaces, letters of another script) counts as that source.
   */
  machineOf(account: string, source: string): Promise<Machine | null>;
  /**
   * Whether creditwatch.yml lets somebody look at the figures: everybody where it has no `viewers`, else those that it names there, as
   * admin, as owner of a meter or as approver of a source.
   *
   * @param user platform user id
   */
  mayLook(account: string, user: string): Promise<boolean>;
  /** Every meter that has a reading, as it stands. */
  meters(account: string): Promise<readonly MeterNow[]>;
  /** A meter's readings observed in [since, until), oldest first, late ones in their place; the first `most` of them. */
  readings(meterId: string, since: Date, until: Date, most?: number): Promise<readonly RecordedReading[]>;
  /** The last readings observed before an instant, at most `most`, oldest first: what the next one is counted from. */
  readingsBefore(meterId: string, at: Date, most: number): Promise<readonly RecordedReading[]>;
  rules(account: string): Promise<readonly Rule[]>;
  /** Alerts that ended since an instant, the latest first. */
  pastAlerts(account: string, since: Date): Promise<readonly PastAlert[]>;
  /** What ended unsaid since an instant, the latest first. */
  undelivered(account: string, since: Date): Promise<readonly Undelivered[]>;
  /** One of them, by an id that comes back from outside and may be anything; null for one that is open, or is none. */
  pastAlert(account: string, id: string): Promise<PastAlert | null>;
  routes(account: string): Promise<readonly Route[]>;
  /** What became of the polls of an account's sources, or of all. */
  polls(account?: string): Promise<readonly PollLedger[]>;
  /** All accounts' destinations. */
  destinations(): Promise<readonly DestinationState[]>;
  accounts(): Promise<readonly string[]>;
  /** What was said last of an alert that is still open; null when nothing was. */
  lastNotified(account: string): Promise<Snapshot | null>;
  ping(): Promise<void>;
};

/** What one message says by now: the snapshots in it, with whom they call. */
export type CurrentMessageStore = {
  /** Empty when no delivery of the account posted it. */
  currentMessageAt(
    account: string,
    kind: DestinationKind,
    messageRef: string,
  ): Promise<readonly { readonly snapshot: Snapshot; readonly mentions: readonly string[]; readonly timeZone: string }[]>;
};

export type TestStore = {
  /** Stores a test notification with one delivery, and returns the delivery's id. Turns the destination on again. */
  addTest(
    destinationId: string,
    route: string,
    ids: { readonly notification: string; readonly delivery: string },
    how: { readonly actor: Actor; readonly now: Date },
  ): Promise<void>;
  deliveryResult(
    deliveryId: string,
  ): Promise<{ readonly status: DeliveryStatus; readonly reason: string | null; readonly disabledReason: string | null } | null>;
};
