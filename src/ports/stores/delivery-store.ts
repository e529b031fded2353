import type { WaitingDelivery } from '../../core/notifications/delivery-plan.ts';
import type { AttemptKind, AttemptOutcome, DeliveryStatus, PastAttempt } from '../../core/notifications/delivery.ts';
import type { PlatformId, Person } from '../../core/text/person.ts';

/**
 * The right to send to one destination, until the lease ends or another process holds a higher fence. The clock of the database measures
 * leases, because those of the processes may differ.
 */
export type Lease = {
  readonly destinationId: string;
  readonly kind: PlatformId;
  readonly address: string;
  readonly fence: bigint;
};

export type PendingDelivery = WaitingDelivery & {
  readonly timeZone: string;
  readonly mentions: readonly Person[];
  /** The latest of its due time, the next time the destination allows, and the end of a pause that the platform requested. */
  readonly readyAt: Date;
  readonly attempts: readonly PastAttempt[];
};

export type Settlement = {
  readonly status: DeliveryStatus;
  readonly dueAt?: Date;
  readonly messageRef?: string;
};

/** Why a destination is disabled. Decisions use `code`. `reason` is a sentence that is only shown, with the next step. */
export type DisabledBecause = { readonly code: string; readonly reason: string };

/**
 * Disables a destination, or all destinations of its kind in the account. `removed`: the app was removed, so its stored data is purged
 * later.
 */
export type Disabling = DisabledBecause & { readonly scope: 'destination' | 'installation'; readonly removed?: true };

/**
 * An attempt before it is made. Several deliveries can share one message: the attempt is recorded with the first, whose id identifies
 * the group.
 */
export type AttemptStart = {
  readonly lease: Lease;
  readonly deliveryIds: readonly string[];
  readonly number: number;
  readonly kind: AttemptKind;
};

/**
 * The outcome of an attempt, and when the destination may be written to next. A delivery that ends undelivered is reported to
 * operations.
 */
export type AttemptEnd = AttemptStart & {
  readonly outcome: AttemptOutcome;
  readonly reason: string | null;
  readonly settlement: Settlement;
  readonly nextAllowedAt: Date;
  /** The end of a pause that the platform requested. */
  readonly pausedUntil: Date | null;
  readonly disabling: Disabling | null;
};

/**
 * `fenced`: nothing was written, because another process holds the destination. `held`: written, and the lease is kept because more is
 * pending. `given-back`: written, and the lease is released.
 */
export type AttemptEnded = 'fenced' | 'held' | 'given-back';

/** Serves the drains of many destinations in one call: each result has the index of its argument. */
export type DeliveryStore = {
  /** Claims leases; null if another drain holds the destination, it is disabled, or nothing is pending. */
  claim(destinationIds: readonly string[], owner: string, now: Date, leaseMs: number): Promise<readonly (Lease | null)[]>;
  /**
   * The pending deliveries of each destination that are not held, oldest first, at most `most` each. Empty if the destination was
   * disabled meanwhile.
   */
  pending(leases: readonly Lease[], most: number, now: Date): Promise<readonly (readonly PendingDelivery[])[]>;
  /** Drops outdated deliveries; false if fenced. */
  drop(lease: Lease, deliveryIds: readonly string[], reason: string, now: Date): Promise<boolean>;
  /** Records attempts before they are made and renews the leases; false where another process holds the lease. */
  startAttempts(starts: readonly AttemptStart[], now: Date, leaseMs: number): Promise<readonly boolean[]>;
  /** Renews leases, without anything else; false where another process holds the lease. */
  renew(leases: readonly Lease[], leaseMs: number): Promise<readonly boolean[]>;
  /** Records the outcomes, and releases destinations with nothing pending, so that a drain of one delivery takes four statements. */
  finishAttempts(ends: readonly AttemptEnd[], now: Date): Promise<readonly AttemptEnded[]>;
  /**
   * Whether a delivery restored from a backup may be part of an earlier message. Pending deliveries are sent as one summary under the
   * id of the first, so whether that one was posted must be settled first.
   */
  mayStandWithEarlier(deliveryId: string): Promise<boolean>;
  /** Releases the leases that are still held. */
  release(leases: readonly Lease[]): Promise<void>;
  /**
   * Enabled destinations with pending deliveries, each with the earliest time that a drain could post. `isAbandoned`: its lease ended
   * without being released, so the process that held it has died or hangs.
   */
  waiting(now: Date): Promise<readonly { readonly destinationId: string; readonly readyAt: Date; readonly isAbandoned: boolean }[]>;
};
