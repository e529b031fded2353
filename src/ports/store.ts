import type { Alert } from '../core/alert.ts';
import type { DeliveryAction, DeliveryStatus, SendOutcome } from '../core/delivery.ts';
import type { WaitingDelivery } from '../core/delivery-plan.ts';
import type { MeterNow } from '../core/meter-now.ts';
import type { UsageHistory } from '../core/history.ts';
import type { Meter, MeterDetails } from '../core/meter.ts';
import type { Said } from '../core/digest-meter.ts';
import type { ClosingSnapshot, PasteReminderSnapshot, PresumedResetSnapshot, Snapshot, UnreachableSnapshot } from '../core/notification.ts';
import type { Period, PeriodSpec } from '../core/period.ts';
import type { Reading } from '../core/reading.ts';
import type { DestinationAddress, DestinationKind, Route, RouteSettings } from '../core/route.ts';
import type { PollLedger, PollProblem } from '../core/poll.ts';
import type { Rule } from '../core/rule.ts';
import type { Contacts, Source } from '../core/source.ts';
import type { Rhythm } from '../core/silence.ts';
import type { Snoozed } from '../core/snoozed.ts';
import type { Timer, TimerKind } from '../core/timer.ts';
import type { PastAlert } from '../core/words/alerts.ts';
import type { Firing, Watched } from '../core/watch.ts';
import type { Submission } from './ingest.ts';
import type { PollStore } from './poll-store.ts';
import type { TeamsStore } from './teams-store.ts';

/**
 * What the pipeline and the commands need of the database. Every method may throw StoreUnavailable; what was begun is
 * then not committed.
 */

/** A source as its readings need it. */
type SourceContext = {
  readonly timeZone: string;
  readonly periodSpec: PeriodSpec | null;
  readonly rhythm: Rhythm;
  /** People were told that it sends no figures. */
  readonly isQuiet: boolean;
};

/** A meter that readings speak of: what it starts as if it is new, and what the readings say of it if it is not. */
export type NewMeter = {
  readonly id: string;
  readonly initial: Pick<Meter, 'label' | 'unit' | 'decimals' | 'aliases' | 'consequence'>;
  readonly said: MeterDetails;
};

export type NewReading = Reading & { readonly meterId: string };

/** What one meter's readings led to, ready to be written. */
export type MeterDecision = { readonly before: Watched; readonly watched: Watched; readonly alerts: readonly Alert[]; readonly firings: readonly Firing[] };

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
  /** Rules that creditwatch.yml declared. */
  rules(): Promise<readonly Rule[]>;
  /** Routes that creditwatch.yml or chat declared. */
  routes(): Promise<readonly Route[]>;
  destinations(): Promise<readonly DestinationRow[]>;
  /** The destination of an address, made if it is new. */
  destination(address: DestinationAddress): Promise<DestinationRow>;
  /** All meters of the account that have figures, each with the kind of its source. */
  meters(): Promise<readonly { readonly watched: Watched; readonly rhythm: Rhythm }[]>;
  /** What was said of a meter's alerts since an instant, and what opened those that are still open; oldest first. */
  saidOf(meterId: string, since: Date): Promise<readonly Said[]>;
  /** Where this thread was told so far or is about to be, with the delivery that told it last there. */
  toldAt(threadId: string): Promise<readonly { readonly destinationId: string; readonly deliveryId: string }[]>;
  /** What edits or answers a message that is held is held as long. `heldUntil` is asked about posts alone. */
  saveNotifications(notifications: readonly NewNotification[], heldUntil: (notification: NewNotification, delivery: NewDelivery) => Date | null): Promise<void>;
  /** Who acknowledged an alert, and then who asked for more of its meter, while it was open: platform user ids. */
  lookedAfter(alertId: string): Promise<readonly string[]>;
  /** What the latest message of a thread says. */
  lastSaid(threadId: string): Promise<Snapshot | null>;
  /** What was taken for a reset of a source's meters since an instant, as it was said last. */
  presumedResets(source: string, since: Date): Promise<readonly { readonly threadId: string; readonly snapshot: PresumedResetSnapshot }[]>;
  /** Sets or moves a timer; null takes it away. */
  setTimer(kind: TimerKind, subject: string, dueAt: Date | null): Promise<void>;
  /** Sets a timer, or moves it if it would ring later. */
  hastenTimer(kind: TimerKind, subject: string, dueAt: Date): Promise<void>;
};

/** What an ingest is begun with; `arrivedAt` is the latest of the submissions that share it. */
export type IngestOpening = Pick<Submission, 'account' | 'source' | 'via' | 'arrivedAt'>;

/** One ingest, of one source: everything between begin and commit. */
export type IngestTransaction = AccountTransaction & {
  readonly source: SourceContext;
  /** Those of the events that were not counted before. */
  rememberEvents(eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Makes the meters that are new, locks all of them, and loads what deciding needs, by meter key. */
  openMeters(meters: ReadonlyMap<string, NewMeter>): Promise<ReadonlyMap<string, Watched>>;
  /** Stores readings; returns those that were not there yet. */
  addReadings<R extends NewReading>(readings: readonly R[]): Promise<readonly R[]>;
  /** Writes standings, memories, alerts and firings; returns the firings that the once-per-period key let through. */
  saveDecisions(decisions: readonly MeterDecision[]): Promise<readonly Firing[]>;
  /** Remembers how the source's figures came, and from whom if somebody pasted them. */
  saveFed(by: DestinationAddress | null): Promise<void>;
};

/** One meter in hand, locked, with what people do to its alerts. */
export type MeterInHand = {
  readonly watched: Watched;
  saveAlert(alert: Alert): Promise<void>;
  saveSnoozed(snoozed: Snoozed | null): Promise<void>;
  saveHistory(history: UsageHistory): Promise<void>;
  /** Who agrees to asking for more of it: whom creditwatch.yml names for the source, else the meter's owner, else the admins. */
  approvers(): Promise<readonly string[]>;
};

/** One source in hand, locked with its meters. */
export type SourceInHand = {
  readonly source: Pick<Source, 'id' | 'period'>;
  /** creditwatch.yml says how its periods recur. */
  readonly isManaged: boolean;
  /** Its meters that have figures. */
  readonly figures: readonly StoredMeter[];
  savePeriod(period: PeriodSpec, by: string): Promise<void>;
  /** Nobody is asked to paste its figures any more, until somebody does. */
  saveAskedOff(by: string): Promise<void>;
  /** With what somebody was asked last to paste its figures; null when nobody ever was. */
  lastReminder(): Promise<PasteReminderSnapshot | null>;
  /** The period of a meter's latest reading. */
  savePeriodOf(meterId: string, period: Period | null): Promise<void>;
};

/** A meter of an account: by its id, or by that of an alert of it that is still open. */
export type MeterKey = { readonly meterId: string } | { readonly alertId: string };

export type ActionStore = {
  /** Runs `work` on one source in a transaction that holds it; null when the account has no such source. */
  withSource<T>(account: string, source: string, now: Date, work: (transaction: AccountTransaction & SourceInHand) => Promise<T>): Promise<T | null>;
  /** Runs `work` on one meter in a transaction that holds it; null when the account has no such meter. */
  withMeter<T>(account: string, on: MeterKey, now: Date, work: (transaction: AccountTransaction & MeterInHand) => Promise<T>): Promise<T | null>;
};

/** An account's routes in hand: nobody else changes them meanwhile. */
export type RouteTransaction = AccountTransaction & {
  /** Makes or changes a route, and turns its destination on: somebody who asks for alerts there means that it works. */
  saveRoute(route: Route): Promise<void>;
  removeRoute(id: string): Promise<void>;
  hadDigest(routeId: string, week: string): Promise<boolean>;
};

export type SubscriptionStore = {
  /** Runs `work` in a transaction that holds the account's routes. */
  withRoutes<T>(account: string, now: Date, work: (transaction: RouteTransaction) => Promise<T>): Promise<T>;
};

/** A timer that rings: everything between its claim and commit. */
export type TimerTransaction = AccountTransaction & {
  meter(id: string): Promise<MeterInHand | null>;
  /** The meter of an alert that is still open. */
  meterOfAlert(id: string): Promise<MeterInHand | null>;
  readonly timer: Timer;
  source(id: string): Promise<SourceStanding | null>;
  /** False when the route had its digest of that week already. */
  recordDigest(routeId: string, week: string, outcome: 'sent' | 'late' | 'skipped'): Promise<boolean>;
  /** What the source's meters ended their last period at; null when none of them has begun another. */
  closingOf(source: string): Promise<Closing | null>;
  /** The sources whose last figures somebody imported, and of which people may be asked for more. */
  imported(): Promise<readonly ImportedSource[]>;
  /** Remembers that somebody was asked to paste. */
  setAsked(source: string): Promise<void>;
  /** Null when the destination is on. */
  unreachable(destinationId: string): Promise<Unreachable | null>;
  /** Remembers that people were told of it: of this destination, or of all of its kind in the account. */
  setTold(unreachable: Unreachable): Promise<void>;
  /** That a destination takes nothing, or nothing of its kind does, as it was said last; null when it was not, or has been taken back. */
  saidOff(destinationId: string): Promise<{ readonly threadId: string; readonly snapshot: UnreachableSnapshot } | null>;
  /** Whether anything was delivered to a kind of destination since an instant. */
  hasDeliveredTo(kind: DestinationKind, since: Date): Promise<boolean>;
  /** Forgets all that is stored of a platform's channels and people. */
  purge(kind: DestinationKind): Promise<void>;
  /** Posts elsewhere what waits at a destination that is off, marked as meant for it. Tests and digests stay: elsewhere they are of no use. */
  divert(from: string, to: readonly string[]): Promise<void>;
  /** What the source's silence is, or that it is over. */
  setQuiet(source: string, quiet: { readonly since: Date; readonly threadId: string } | null): Promise<void>;
};

/** The period that has begun, the one before it, and its last figures. */
export type Closing = Pick<ClosingSnapshot, 'period' | 'ended' | 'meters'>;

/** A source that lives of what people paste. */
export type ImportedSource = {
  readonly id: string;
  /** Who pasted last, as a direct message reaches them; null when nobody did in chat. */
  readonly by: DestinationAddress | null;
  /** When somebody was asked last. */
  readonly askedAt: Date | null;
};

/** A source with its meters that have figures. */
export type SourceStanding = {
  readonly id: string;
  readonly rhythm: Rhythm;
  readonly firstSeenAt: Date;
  /** What the last poll of it ran into, if it still does; null too for what is not polled. */
  readonly problem: PollProblem | null;
  readonly quiet: { readonly since: Date; readonly threadId: string } | null;
  readonly meters: readonly StoredMeter[];
};

export type TimerStore = {
  /**
   * Claims the timer that is due first and runs `work` in the transaction that holds it, so that it rings once however many
   * processes come. What `work` returns is its next time; null ends it.
   *
   * @returns what `work` asked to wake, or null when nothing is due that nobody else holds
   */
  ring(now: Date, work: (transaction: TimerTransaction) => Promise<TimerResult>): Promise<readonly string[] | null>;
  /** Puts off a timer whose work failed. */
  postpone(timer: Timer, to: Date): Promise<void>;
  /** When the next timer is due; null when there is none. */
  nextTimerAt(): Promise<Date | null>;
};

export type TimerResult = { readonly nextAt: Date | null; readonly wake: readonly string[] };

/** `off`: nothing is sent there until somebody has followed the remedy. */
export type DestinationRow = DestinationAddress & { readonly id: string; readonly fallback: boolean; readonly off: boolean };

/** A destination that is off, and why. */
export type Unreachable = DestinationRow & {
  readonly reason: string;
  readonly scope: SwitchOff['scope'];
  readonly since: Date | null;
  /** People were told that it is, for this reason. */
  readonly told: boolean;
  /** What the command is called there. */
  readonly command: string;
  /** A drain still works on what it began before. */
  readonly busyUntil: Date | null;
};

export type IngestStore = {
  /** Runs `work` in one transaction and commits it. */
  ingest<T>(opening: IngestOpening, work: (transaction: IngestTransaction) => Promise<T>): Promise<T>;
  /** Forgets event ids received before an instant. */
  forgetEvents(before: Date): Promise<void>;
};

/** The right to send to one destination, until `until` or until somebody else's fence is higher. */
export type Lease = {
  readonly destinationId: string;
  readonly kind: DestinationKind;
  readonly address: string;
  readonly fence: bigint;
};

export type PendingDelivery = WaitingDelivery & {
  readonly timeZone: string;
  readonly mentions: readonly string[];
  /** The later of its own due time and the destination's next allowed time. */
  readonly readyAt: Date;
  readonly attempts: readonly AttemptRow[];
};

export type AttemptRow = {
  readonly number: number;
  readonly startedAt: Date;
  /** Null: interrupted before its outcome was written. */
  readonly outcome: SendOutcome['outcome'] | null;
};

export type Settlement = {
  readonly status: DeliveryStatus;
  readonly dueAt?: Date;
  readonly messageRef?: string;
};

/** Why nothing more is sent there: to the destination alone, or to all of its kind in the account. */
export type SwitchOff = { readonly scope: 'destination' | 'installation'; readonly reason: string };

/** An attempt that is about to be made. Several deliveries go out as one message: it is recorded with the first, whose id names the group. */
export type AttemptStart = { readonly lease: Lease; readonly deliveryIds: readonly string[]; readonly number: number };

/** What came of an attempt, and when the destination may be written to next. */
export type AttemptEnd = AttemptStart & {
  readonly outcome: SendOutcome['outcome'];
  readonly reason: string | null;
  readonly settlement: Settlement;
  readonly nextAllowedAt: Date;
  readonly off: SwitchOff | null;
};

/** For the drains of many destinations at once: each result stands where its question stood. */
export type DeliveryStore = {
  /** Null when another drain holds it, or it is off. */
  claim(destinationIds: readonly string[], owner: string, now: Date, leaseMs: number): Promise<readonly (Lease | null)[]>;
  /** What waits at each destination and is not held, oldest first; at most `most` of each. */
  pending(leases: readonly Lease[], most: number, now: Date): Promise<readonly (readonly PendingDelivery[])[]>;
  /** Gives up deliveries that are outdated; false when fenced off. */
  drop(lease: Lease, deliveryIds: readonly string[], reason: string, now: Date): Promise<boolean>;
  /** Writes attempts before their posts and renews the leases; false where the lease has passed to another. */
  startAttempts(starts: readonly AttemptStart[], now: Date, leaseMs: number): Promise<readonly boolean[]>;
  /** Writes what came of them; false where fenced off, and then nothing is written of that one. */
  finishAttempts(ends: readonly AttemptEnd[], now: Date): Promise<readonly boolean[]>;
  /** Gives them back, as far as they are still held. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Destinations that are on and have something waiting, with the moment a drain could post it. */
  waiting(now: Date): Promise<readonly { readonly destinationId: string; readonly readyAt: Date }[]>;
};

/** `initial` is what the meter starts as when it is new, `said` what the file says of it in so many words. */
type DeclaredMeter = { readonly initial: NewMeter['initial']; readonly said: MeterDetails };
export type DeclaredSource = {
  readonly id: string;
  readonly kind: string;
  readonly period: PeriodSpec | null;
  readonly contacts: Contacts;
  readonly meters: Readonly<Record<string, DeclaredMeter>>;
  /** Null: it is not polled. */
  readonly poll: { readonly everyMs: number; readonly leastGapMs: number } | null;
};
export type DeclaredRule = { readonly id: string; readonly kind: string; readonly meters: Rule['meters']; readonly params: unknown };
type DeclaredRoute = { readonly id: string; readonly destination: DestinationAddress; readonly settings: RouteSettings };

export type AccountDeclaration = {
  readonly id: string;
  readonly timeZone: string;
  /** Who may change rules and routes in chat: platform user ids. */
  readonly admins: readonly string[];
  readonly sources: readonly DeclaredSource[];
  readonly rules: readonly DeclaredRule[];
  readonly routes: readonly DeclaredRoute[];
  /** Who gets the alerts that no route wants. */
  readonly fallback: readonly DestinationAddress[];
};

export type SetupStore = {
  /** Makes the database say what the file says; what chat subscribed stays, except where the file now has a route to the same place. A rule whose parameters changed gets the next version. Turns destinations on again. */
  declare(account: AccountDeclaration, now: Date): Promise<void>;
  /** A stored secret of an account, or the one `make` returns, stored. `made` tells which. */
  secret(account: string, name: string, make: () => string, now: Date): Promise<{ readonly value: string; readonly made: boolean }>;
  /** Milliseconds by which the database's clock is ahead of ours. */
  clockSkewMs(now: () => Date): Promise<number>;
};

export type InstallationStore = {
  /** Sends nothing of a kind any more, and says so, once; what is stored of it goes at `purgeAt`. The same again changes nothing. */
  installationRemoved(account: string, kind: DestinationKind, removed: { readonly reason: string; readonly purgeAt: Date; readonly now: Date }): Promise<void>;
  /** What the slash command of each account was called when it was typed last; an account that is not there never had another name. */
  commandNames(): Promise<ReadonlyMap<string, string>>;
  rememberCommandName(account: string, name: string): Promise<void>;
  /** The platform takes our credentials: nothing stored of it is to go. */
  installationWorks(account: string, kind: DestinationKind): Promise<void>;
};

export type StoredMeter = { readonly meter: Meter; readonly reading: Reading };

export type DestinationState = {
  readonly id: string;
  readonly account: string;
  readonly kind: DestinationKind;
  readonly address: string;
  readonly fallback: boolean;
  readonly routes: readonly string[];
  readonly offReason: string | null;
  readonly pending: number;
  /** Why the first of what waits has not gone out yet. */
  readonly trouble: string | null;
};

export type ReadStore = {
  timeZone(account: string): Promise<string>;
  /** Who may change rules and routes in chat: platform user ids. */
  admins(account: string): Promise<readonly string[]>;
  /** Every meter that has a reading, as it stands. */
  meters(account: string): Promise<readonly MeterNow[]>;
  /** A meter's readings observed in [since, until), oldest first, late ones in their place; the first `most` of them. */
  readings(meterId: string, since: Date, until: Date, most?: number): Promise<readonly Reading[]>;
  /** The last reading observed before an instant: what the next one is counted from. */
  readingBefore(meterId: string, at: Date): Promise<Reading | null>;
  rules(account: string): Promise<readonly Rule[]>;
  /** Alerts that ended since an instant, the latest first. */
  pastAlerts(account: string, since: Date): Promise<readonly PastAlert[]>;
  routes(account: string): Promise<readonly Route[]>;
  /** What became of the polls of an account's sources, or of all. */
  polls(account?: string): Promise<readonly PollLedger[]>;
  /** All accounts' destinations. */
  destinations(): Promise<readonly DestinationState[]>;
  accounts(): Promise<readonly string[]>;
  /** What was said last of an alert that is still open; null when nothing was. */
  lastTold(account: string): Promise<Snapshot | null>;
  ping(): Promise<void>;
};

/** What one message says by now: the snapshots in it, with whom they call. */
export type StandingStore = {
  /** Empty when no delivery of the account posted it. */
  standingAt(account: string, kind: DestinationKind, messageRef: string): Promise<readonly { readonly snapshot: Snapshot; readonly mentions: readonly string[]; readonly timeZone: string }[]>;
};

export type TestStore = {
  /** Stores a test notification with one delivery, and returns the delivery's id. Turns the destination on again. */
  addTest(destinationId: string, route: string, ids: { readonly notification: string; readonly delivery: string }, now: Date): Promise<void>;
  deliveryResult(deliveryId: string): Promise<{ readonly status: DeliveryStatus; readonly reason: string | null; readonly offReason: string | null } | null>;
};

export type Store = IngestStore & DeliveryStore & TimerStore & ActionStore & SubscriptionStore & SetupStore & ReadStore & TestStore & InstallationStore & StandingStore & PollStore & { readonly teams: TeamsStore; close(): Promise<void> };
