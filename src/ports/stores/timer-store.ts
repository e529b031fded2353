import type { PeriodStatementSnapshot, DestinationDisabledSnapshot } from '../../core/notifications/notification.ts';
import type { PollProblem } from '../../core/meters/poll.ts';
import type { DestinationAddress, DestinationKind } from '../../core/notifications/route.ts';
import type { ExpectedInterval } from '../../core/status/staleness.ts';
import type { Timer } from '../../core/notifications/timer.ts';
import type { AccountTransaction, DestinationRow } from './account-transaction.ts';
import type { LockedMeter } from './action-store.ts';
import type { Disabling } from './delivery-store.ts';
import type { StoredMeter, Undelivered } from './read-store.ts';

/** A timer that rings: everything between its claim and commit. */
export type TimerTransaction = AccountTransaction & {
  meter(id: string): Promise<LockedMeter | null>;
  /** The meter of an alert that is still open. */
  meterOfAlert(id: string): Promise<LockedMeter | null>;
  readonly timer: Timer;
  source(id: string): Promise<SourceState | null>;
  /** False when the route had its digest of that week already. */
  recordDigest(routeId: string, week: string, outcome: 'sent' | 'late' | 'skipped'): Promise<boolean>;
  /** What the source's meters ended their last period at; null when none of them has begun another. */
  periodStatementOf(source: string): Promise<PeriodStatement | null>;
  /** The sources whose last figures somebody imported, and of which people may be asked for more. */
  imported(): Promise<readonly ImportedSource[]>;
  /** Remembers that somebody was asked to paste. */
  setAsked(source: string): Promise<void>;
  /** Null when the destination is on. */
  disabledDestination(destinationId: string): Promise<DisabledDestination | null>;
  /** Remembers that people were told of it: of this destination, or of all of its kind in the account. */
  setNotifiedReason(disabledDestination: DisabledDestination): Promise<void>;
  /** That a destination takes nothing, or nothing of its kind does, as it was said last; null when it was not, or has been taken back. */
  lastDisabledNotice(destinationId: string): Promise<{ readonly threadId: string; readonly snapshot: DestinationDisabledSnapshot } | null>;
  /**
   * What ended unsaid on a platform in the last days and was not told yet, oldest first, and when operations were told of such last.
   * `hasMore`: these are the latest of them, as many as one message counts.
   */
  undelivered(
    kind: DestinationKind,
  ): Promise<{ readonly messages: readonly Undelivered[]; readonly postedDeliveriesOf: Date | null; readonly hasMore: boolean }>;
  /** Whether a kind of destination took anything that was posted after an instant. */
  hasDeliveredTo(kind: DestinationKind, since: Date): Promise<boolean>;
  /** Forgets all that is stored of a platform's channels and people. */
  purge(kind: DestinationKind): Promise<void>;
  /** Posts elsewhere what waits at a destination that is off, marked as meant for it. Tests and digests stay: elsewhere they are of no use. */
  divert(from: string, to: readonly string[]): Promise<void>;
  /** What the source's silence is, or that it is over. */
  setStale(source: string, stale: { readonly since: Date; readonly threadId: string } | null): Promise<void>;
};

/** The period that has begun, the one before it, and its last figures. */
export type PeriodStatement = Pick<PeriodStatementSnapshot, 'period' | 'ended' | 'meters'>;

/** A source that lives of what people paste. */
export type ImportedSource = {
  readonly id: string;
  /** Who pasted last, as a direct message reaches them; null when nobody did in chat. */
  readonly by: DestinationAddress | null;
  /** When somebody was asked last. */
  readonly askedAt: Date | null;
};

/** A source with its meters that have figures. */
export type SourceState = {
  readonly id: string;
  readonly expectedInterval: ExpectedInterval;
  readonly firstSeenAt: Date;
  /** What the last poll of it ran into, if it still does; null too for what is not polled. */
  readonly problem: PollProblem | null;
  readonly stale: { readonly since: Date; readonly threadId: string } | null;
  readonly meters: readonly StoredMeter[];
};

export type TimerStore = {
  /**
   * Claims the timer that is due first and runs `work` in the transaction that holds it, so that it rings once however many
   * processes come. What `work` returns is its next time; null ends it.
   *
   * @returns what `work` asked to wake, or null when nothing is due that nobody else holds
   */
  run(now: Date, work: (transaction: TimerTransaction) => Promise<TimerResult>): Promise<readonly string[] | null>;
  /** Puts off a timer whose work failed. */
  postpone(timer: Timer, to: Date, now: Date): Promise<void>;
  /** When the next timer is due; null when there is none. */
  nextTimerAt(): Promise<Date | null>;
};

export type TimerResult = { readonly nextAt: Date | null; readonly wake: readonly string[] };

/** A destination that is off, and why. */
export type DisabledDestination = DestinationRow & {
  readonly reason: string;
  readonly scope: Disabling['scope'];
  readonly since: Date | null;
  /** People were told that it is, for this reason. */
  readonly notified: boolean;
  /** What the command is called there. */
  readonly command: string;
  /** A drain still works on what it began before. */
  readonly busyUntil: Date | null;
};
