import type { WaitingDelivery } from '../../core/notifications/delivery-plan.ts';
import type { AttemptKind, AttemptOutcome, DeliveryStatus, PastAttempt } from '../../core/notifications/delivery.ts';
import type { DestinationKind } from '../../core/notifications/route.ts';

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
  /** The latest of its own due time, the destination's next allowed time, and the end of a pause that the platform asked for. */
  readonly readyAt: Date;
  readonly attempts: readonly PastAttempt[];
};

export type Settlement = {
  readonly status: DeliveryStatus;
  readonly dueAt?: Date;
  readonly messageRef?: string;
};

/** Why nothing more is sent there: to the destination alone, or to all of its kind in the account. `removed`: what is stored of it goes in time. */
export type Disabling = { readonly scope: 'destination' | 'installation'; readonly reason: string; readonly removed?: true };

/** An attempt that is about to be made. Several deliveries go out as one message: it is recorded with the first, whose id names the group. */
export type AttemptStart = {
  readonly lease: Lease;
  readonly deliveryIds: readonly string[];
  readonly number: number;
  readonly kind: AttemptKind;
};

/** What came of an attempt, and when the destination may be written to next. What ends there unsaid is told to operations. */
export type AttemptEnd = AttemptStart & {
  readonly outcome: AttemptOutcome;
  readonly reason: string | null;
  readonly settlement: Settlement;
  readonly nextAllowedAt: Date;
  /** The platform wants nothing there before this. */
  readonly pausedUntil: Date | null;
  readonly disabling: Disabling | null;
};

/** `fenced`: nothing was written. Else it was, and the destination is held on, because more waits there, or has been given back. */
export type AttemptEnded = 'fenced' | 'held' | 'given-back';

/** For the drains of many destinations at once: each result stands where its question stood. */
export type DeliveryStore = {
  /** Null when another drain holds it, it is off, or nothing waits there. */
  claim(destinationIds: readonly string[], owner: string, now: Date, leaseMs: number): Promise<readonly (Lease | null)[]>;
  /** What waits at each destination and is not held, oldest first; at most `most` of each. Nothing where it was switched off meanwhile. */
  pending(leases: readonly Lease[], most: number, now: Date): Promise<readonly (readonly PendingDelivery[])[]>;
  /** Gives up deliveries that are outdated; false when fenced off. */
  drop(lease: Lease, deliveryIds: readonly string[], reason: string, now: Date): Promise<boolean>;
  /** Writes attempts before their posts and renews the leases; false where the lease has passed to another. */
  startAttempts(starts: readonly AttemptStart[], now: Date, leaseMs: number): Promise<readonly boolean[]>;
  /** Writes what came of them, and gives back destinations where nothing more waits: a drain of one delivery takes four statements. */
  finishAttempts(ends: readonly AttemptEnd[], now: Date): Promise<readonly AttemptEnded[]>;
  /**
   * Whether what was restored from a backup may stand in the message of an earlier one: what waits together goes out as one summary under
   * the id of its first, and whether that one was posted since is settled first.
   */
  mayStandWithEarlier(deliveryId: string): Promise<boolean>;
  /** Gives them back, as far as they are still held. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Destinations that are on and have something waiting, with the moment a drain could post it. */
  waiting(now: Date): Promise<readonly { readonly destinationId: string; readonly readyAt: Date }[]>;
};
