import type { Alert } from '../../core/alerts/alert.ts';
import type { UsageHistory } from '../../core/meters/history.ts';
import type { PasteReminderSnapshot } from '../../core/notifications/notification.ts';
import type { Period } from '../../core/time/period.ts';
import type { PeriodSpec } from '../../core/time/period-spec.ts';
import type { DestinationAddress, Route } from '../../core/notifications/route.ts';
import type { StoredSnooze } from '../../core/alerts/stored-snooze.ts';
import type { Source } from '../../core/meters/source.ts';
import type { MeterState } from '../../core/alerts/evaluate.ts';
import type { AccountTransaction } from './account-transaction.ts';
import type { StoredMeter } from './read-store.ts';

/** One meter in hand, locked, with what people do to its alerts. */
export type LockedMeter = {
  readonly meterState: MeterState;
  saveAlert(alert: Alert): Promise<void>;
  /** Alerts that a new period closed, seen at an instant. */
  closedByPeriodAt(observedAt: Date): Promise<readonly Alert[]>;
  saveSnooze(snoozed: StoredSnooze | null): Promise<void>;
  /** Takes from rules what they remember of the meter, but for how often they fired in its period. */
  forgetRules(ruleIds: readonly string[]): Promise<void>;
  saveHistory(history: UsageHistory): Promise<void>;
  /** Notes that the fall to the reading of a moment was a correction, so that exports count it as one. */
  markCorrection(observedAt: Date): Promise<void>;
  /** Who agrees to asking for more of it: whom creditwatch.yml names for the source, else the meter's owner, else the admins. */
  approvers(): Promise<readonly string[]>;
};

/** `asked`: where it went, one list for the reminder itself and one for each time that it was handed on; the latest last. */
export type LastReminder = {
  readonly snapshot: PasteReminderSnapshot;
  readonly asked: readonly (readonly DestinationAddress[])[];
};

/** One source in hand, locked with its meters. */
export type LockedSource = {
  readonly source: Pick<Source, 'id' | 'period'>;
  /** creditwatch.yml says how its periods recur. */
  readonly isManaged: boolean;
  /** Its meters that have figures. */
  readonly figures: readonly StoredMeter[];
  savePeriod(period: PeriodSpec, by: string): Promise<void>;
  /** Who pasted its figures last, and is reminded to; null when that is not known. */
  readonly ingestedBy: DestinationAddress | null;
  /** Nobody is asked to paste its figures any more, until somebody does. */
  saveReminderStopped(by: string): Promise<void>;
  /** The last reminder to paste its figures; null when nobody was ever asked. */
  lastReminder(): Promise<LastReminder | null>;
  /** The period of a meter's latest reading. */
  savePeriodOf(meterId: string, period: Period | null): Promise<void>;
};

/** A meter of an account: by its id, or by that of an alert of it that is still open. */
export type MeterKey = { readonly meterId: string } | { readonly alertId: string };

export type ActionStore = {
  /** Runs `work` on one source in a transaction that holds it; null when the account has no such source. */
  withSource<T>(
    account: string,
    source: string,
    now: Date,
    work: (transaction: AccountTransaction & LockedSource) => Promise<T>,
  ): Promise<T | null>;
  /** Runs `work` on one meter in a transaction that holds it; null when the account has no such meter. */
  withMeter<T>(
    account: string,
    on: MeterKey,
    now: Date,
    work: (transaction: AccountTransaction & LockedMeter) => Promise<T>,
  ): Promise<T | null>;
};

/** What somebody was refused, and may ask the admins for. `place`: where it has to be typed; null when anywhere does. */
export type RefusedRequest = {
  readonly id: string;
  readonly by: string;
  readonly platform: string;
  /** The command, without its name. */
  readonly command: string;
  readonly place: DestinationAddress | null;
};

/** What people of an account were refused. Old ones are forgotten with each new one. */
export type RefusedRequests = {
  /** The same again is kept once. */
  keepRefused(request: RefusedRequest): Promise<void>;
  refusedRequest(id: string): Promise<RefusedRequest | null>;
  /** How many requests the admins were asked since an instant: by one person, or by all. */
  askedSince(since: Date, by: string | null): Promise<number>;
  markAsked(id: string): Promise<void>;
};

/** An account's routes in hand: nobody else changes them meanwhile. */
export type RouteTransaction = AccountTransaction &
  RefusedRequests & {
    /** Makes or changes a route, and turns its destination on: somebody who asks for alerts there means that it works. */
    saveRoute(route: Route): Promise<void>;
    removeRoute(id: string): Promise<void>;
    hadDigest(routeId: string, week: string): Promise<boolean>;
  };

export type SubscriptionStore = {
  /** Runs `work` in a transaction that holds the account's routes. */
  withRoutes<T>(account: string, now: Date, work: (transaction: RouteTransaction) => Promise<T>): Promise<T>;
};
