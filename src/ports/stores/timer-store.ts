import type { PeriodStatementSnapshot, DestinationDisabledSnapshot } from '../../core/notifications/notification.ts';
import type { DriftCause } from '../../core/meters/drift-cause.ts';
import type { KeyExpiry, ToldExpiry } from '../../core/meters/key-expiry.ts';
import type { PollProblem } from '../../core/meters/poll.ts';
import type { DestinationAddress } from '../../core/notifications/route.ts';
import type { ExpectedInterval } from '../../core/status/staleness.ts';
import type { ToldMessage } from '../../core/notifications/told-causes.ts';
import type { Timer, TimerKind } from '../../core/notifications/timer.ts';
import type { AccountTransaction, DestinationRow } from './account-transaction.ts';
import type { LockedMeter } from './action-store.ts';
import type { Disabling } from './delivery-store.ts';
import type { StoredMeter, Undelivered } from './read-store.ts';
import type { PlatformId } from '../../core/text/person.ts';

/**
 * The transaction that runs due timers of one kind in one account. What it reads of rules, routes, destinations and meters it reads
 * once, because a wave of timers would otherwise read the same thousands of rows again and again.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer; the transaction is rolled back.
 */
export type TimerTransaction = AccountTransaction & {
  meter(id: string): Promise<LockedMeter | null>;
  /** The meter of an open alert. */
  meterOfAlert(id: string): Promise<LockedMeter | null>;
  source(id: string): Promise<SourceState | null>;
  /** Records the digest of a route; false if the route already had one for that week. */
  recordDigest(routeId: string, week: string, outcome: 'sent' | 'late' | 'skipped'): Promise<boolean>;
  /** The final readings of a source's meters in their last period; null if no meter has started a new one. */
  periodStatementOf(source: string): Promise<PeriodStatement | null>;
  /** The sources whose latest figures were imported, and for which reminders are on. */
  imported(): Promise<readonly ImportedSource[]>;
  /** Records that a reminder to paste was sent; false if one was sent after `before`, the time that was read. */
  setAsked(source: string, before: Date | null): Promise<boolean>;
  /** The state of a disabled destination; null if it is enabled. */
  disabledDestination(destinationId: string): Promise<DisabledDestination | null>;
  /** Records that the failure was reported: for this destination, or for all of its kind in the account. */
  setNotifiedReason(disabledDestination: DisabledDestination): Promise<void>;
  /** The latest notice that a destination, or all of its kind, is disabled; null if there is none or it was withdrawn. */
  lastDisabledNotice(destinationId: string): Promise<{ readonly threadId: string; readonly snapshot: DestinationDisabledSnapshot } | null>;
  /**
   * The undelivered messages of a platform in the last days that were not reported yet, oldest first, and the time of the last such
   * report. `hasMore`: there are more; the latest of them are returned, as many as one message lists.
   */
  undelivered(
    kind: PlatformId,
  ): Promise<{ readonly messages: readonly Undelivered[]; readonly lastReportedAt: Date | null; readonly hasMore: boolean }>;
  /** Whether a delivery to a kind of destination succeeded that was posted after an instant. */
  hasDeliveredTo(kind: PlatformId, since: Date): Promise<boolean>;
  /** Deletes all stored data about a platform's channels and people. */
  purge(kind: PlatformId): Promise<void>;
  /**
   * Moves the pending deliveries of a disabled destination to others, marked with their original destination. Tests and digests stay,
   * because they are useless elsewhere. `reason`: why they are not delivered where they were meant for.
   */
  divert(from: string, to: readonly string[], reason: string): Promise<void>;
  /** Sets or clears the staleness of a source. */
  setStale(source: string, stale: { readonly since: Date; readonly threadId: string } | null): Promise<void>;
  /** Records which problems of a source's answers operations were told of. */
  setToldProblems(source: string, told: readonly ToldMessage[]): Promise<void>;
  /** When the key of a source expires, and the last warning; null if creditwatch.yml does not say. */
  keyExpiryOf(source: string): Promise<{ readonly kind: string; readonly expiry: KeyExpiry; readonly told: ToldExpiry | null } | null>;
  setKeyExpiryTold(source: string, told: ToldExpiry): Promise<void>;
};

/** The new period, the ended one, and its final readings. */
export type PeriodStatement = Pick<PeriodStatementSnapshot, 'period' | 'ended' | 'meters'>;

/** A source whose figures people paste. */
export type ImportedSource = {
  readonly id: string;
  /** The direct message address of the person who pasted last; null if no one pasted in chat. */
  readonly by: DestinationAddress | null;
  /** When the last reminder was sent. */
  readonly askedAt: Date | null;
  /** Whether a capture key can send its pages. */
  readonly isCaptured: boolean;
};

/** A source with its meters that have a reading. */
export type SourceState = {
  readonly id: string;
  readonly expectedInterval: ExpectedInterval;
  readonly firstSeenAt: Date;
  /** The problem of its last poll; null if the poll succeeded, or if the source is not polled. */
  readonly problem: PollProblem | null;
  readonly stale: { readonly since: Date; readonly threadId: string } | null;
  /** Whether its latest figures were imported, and a capture key can send its pages. */
  readonly isCaptured: boolean;
  readonly meters: readonly StoredMeter[];
  /** Why its answers no longer mean what they meant, and the meters that they have had. */
  readonly drift: { readonly causes: readonly DriftCause[]; readonly meters: readonly string[] };
  /** What operations were told of these problems. */
  readonly told: readonly ToldMessage[];
};

export type TimerStore = {
  /**
   * Claims the timer that is due first, with others of its kind and account that are due, and runs `work` in the transaction that locks
   * them, so that each runs once even with many processes. `work` returns a result for each timer: the next due time; null deletes it.
   *
   * @param most how many timers of a kind to claim at once
   * @returns the ids that `work` asked to wake, or null if no timer is due that no other process holds
   * @throws {StoreUnavailable} if the database does not answer; nothing was committed
   */
  run(
    now: Date,
    most: (kind: TimerKind, account: string) => number,
    work: (transaction: TimerTransaction, timers: readonly Timer[]) => Promise<readonly TimerResult[]>,
  ): Promise<readonly string[] | null>;
  /** Postpones a timer whose work failed. */
  postpone(timer: Timer, to: Date, now: Date): Promise<void>;
  /** When the next timer is due; null if there is none. */
  nextTimerAt(): Promise<Date | null>;
};

export type TimerResult = { readonly nextAt: Date | null; readonly wake: readonly string[] };

/** A disabled destination, with the reason. */
export type DisabledDestination = DestinationRow & {
  readonly reason: string;
  readonly scope: Disabling['scope'];
  readonly since: Date | null;
  /** True if it was reported for this reason. */
  readonly notified: boolean;
  /** The name of the slash command there. */
  readonly command: string;
  /** Whether a drain may still be sending there. */
  readonly isBusy: boolean;
};
