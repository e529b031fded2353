import type { Alert } from '../../core/alerts/alert.ts';
import type { UsageHistory } from '../../core/meters/history.ts';
import type { PasteReminderSnapshot } from '../../core/notifications/notification.ts';
import type { Period } from '../../core/time/period.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { DestinationAddress, Route } from '../../core/notifications/route.ts';
import type { StoredSnooze } from '../../core/alerts/stored-snooze.ts';
import type { Source } from '../../core/meters/source.ts';
import type { Firing, MeterState } from '../../core/alerts/evaluate.ts';
import type { Reading } from '../../core/meters/reading.ts';
import type { MeterDecision } from './ingest-store.ts';
import type { Person } from '../../core/text/person.ts';
import type { AccountTransaction } from './account-transaction.ts';
import type { StoredMeter } from './read-store.ts';

/** One locked meter, with the operations of the chat actions. */
export type LockedMeter = {
  readonly meterState: MeterState;
  saveAlert(alert: Alert): Promise<void>;
  /** Alerts that the reading of an instant closed because it started a new period. */
  closedByPeriodAt(observedAt: Date): Promise<readonly Alert[]>;
  saveSnooze(snoozed: StoredSnooze | null): Promise<void>;
  saveStatedTotal(total: bigint | null): Promise<void>;
  /**
   * Saves the current reading once it is measured against a total, with its decisions. Returns the firings that were new under the
   * once-per-period key.
   */
  saveMeasured(reading: Reading, decisions: readonly MeterDecision[]): Promise<readonly Firing[]>;
  /** Deletes the rule states of a meter, except how often the rules fired in the current period. */
  forgetRules(ruleIds: readonly string[]): Promise<void>;
  saveHistory(history: UsageHistory): Promise<void>;
  /** Marks the drop to the reading of an instant as a correction, so that exports classify it as one. */
  markCorrection(observedAt: Date): Promise<void>;
  /**
   * The approvers of a request for more credits: those that creditwatch.yml names for the source, else the meter's owner, else the
   * admins.
   */
  approvers(): Promise<readonly Person[]>;
};

/** `asked`: the destinations of the reminder, then those of each reassignment, latest last. */
export type LastReminder = {
  readonly snapshot: PasteReminderSnapshot;
  readonly asked: readonly (readonly DestinationAddress[])[];
};

/** One source, locked with its meters. */
export type LockedSource = {
  readonly source: Pick<Source, 'id' | 'period'>;
  /** True if creditwatch.yml defines its period. */
  readonly isManaged: boolean;
  /** Its meters that have a reading. */
  readonly figures: readonly StoredMeter[];
  savePeriod(period: PeriodSpec, by: Person): Promise<void>;
  /** The person who pasted its figures last and gets the reminders; null if unknown. */
  readonly ingestedBy: DestinationAddress | null;
  /** Stops reminders to paste its figures until someone pastes again. */
  saveReminderStopped(by: Person): Promise<void>;
  /** The last reminder to paste its figures; null if there was none. */
  lastReminder(): Promise<LastReminder | null>;
  /** Stores the period of a meter's latest reading. */
  savePeriodOf(meterId: string, period: Period | null): Promise<void>;
};

/** A meter of an account, by its id or by the id of one of its open alerts. */
export type MeterKey = { readonly meterId: string } | { readonly alertId: string };

export type ActionStore = {
  /** Runs `work` in a transaction that locks one source; null if the account has no such source. */
  withSource<T>(
    account: string,
    source: string,
    now: Date,
    work: (transaction: AccountTransaction & LockedSource) => Promise<T>,
  ): Promise<T | null>;
  /** Runs `work` in a transaction that locks one meter; null if the account has no such meter. */
  withMeter<T>(
    account: string,
    on: MeterKey,
    now: Date,
    work: (transaction: AccountTransaction & LockedMeter) => Promise<T>,
  ): Promise<T | null>;
};

/** A refused command that the person may ask the admins for. `place`: where it must be typed; null if the place does not matter. */
export type RefusedRequest = {
  readonly id: string;
  readonly by: Person;
  /** The text of the command, without its name. */
  readonly command: string;
  readonly place: DestinationAddress | null;
};

/** The refused commands of an account. Saving one deletes those that are too old. */
export type RefusedRequests = {
  /** Stores a refused command; the same one again changes nothing. */
  keepRefused(request: RefusedRequest): Promise<void>;
  refusedRequest(id: string): Promise<RefusedRequest | null>;
  /** How many requests were sent to the admins since an instant: by one person, or by all people if `by` is null. */
  askedSince(since: Date, by: Person | null): Promise<number>;
  markAsked(id: string): Promise<void>;
};

/** A transaction that locks the routes of an account. */
export type RouteTransaction = AccountTransaction &
  RefusedRequests & {
    /** Creates or changes a route and enables its destination: a person who subscribes a place expects it to work. */
    saveRoute(route: Route): Promise<void>;
    removeRoute(id: string): Promise<void>;
    hadDigest(routeId: string, week: string): Promise<boolean>;
  };

export type SubscriptionStore = {
  /** Runs `work` in a transaction that locks the routes of the account. */
  withRoutes<T>(account: string, now: Date, work: (transaction: RouteTransaction) => Promise<T>): Promise<T>;
};
