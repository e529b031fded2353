import { createBatcher } from '../../async/batcher.ts';
import type { Clock } from '../../ports/clock.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { AttemptEnd, AttemptStart, DeliveryStore, Lease } from '../../ports/stores/delivery-store.ts';
import type { Leases } from './leases.ts';

/** The most deliveries read at once and counted in one summary. The rest is sent in the next message. */
const MOST_AT_ONCE = 200;

/** The most drains that share one statement. */
const MOST_DRAINS_PER_STATEMENT = 300;

/** Returns the statements of a drain. Concurrent drains share them, and a lease is held from its claim until the drain lets it go. */
export function shareStatements(options: {
  readonly store: DeliveryStore;
  readonly leases: Leases;
  readonly clock: Clock;
  /** Identifies this process in the lease. */
  readonly owner: string;
}) {
  const { store, leases, clock, owner } = options;
  return {
    claim: shared(async (ids: readonly string[]) => {
      const { result, since } = await leases.confirming((leaseMs) => store.claim(ids, owner, clock.now(), leaseMs));
      for (const lease of result) if (lease !== null) leases.hold(lease, since);
      return result;
    }),
    pending: shared((held: readonly Lease[]) => store.pending(held, MOST_AT_ONCE, clock.now())),
    startAttempt: shared(async (starts: readonly AttemptStart[]) => {
      const { result, since } = await leases.confirming((leaseMs) => store.startAttempts(starts, clock.now(), leaseMs));
      for (const [index, { lease }] of starts.entries()) if (result[index] === true) leases.hold(lease, since);
      return result;
    }),
    finishAttempt: shared((ends: readonly AttemptEnd[]) => store.finishAttempts(ends, clock.now())),
    release: shared((held: readonly Lease[]) => store.release(held).then(() => held)),
  };
}

/** Concurrent drains share statements and commits; a single one does not wait for others. */
function shared<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  return createBatcher<T, R>({
    atOnce: 1,
    most: MOST_DRAINS_PER_STATEMENT,
    sizeOf: () => 1,
    groupOf: () => '',
    failsAll: (error) => error instanceof StoreUnavailable,
    run,
  });
}
