import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { DeliveryStore, Lease } from '../../ports/stores/delivery-store.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';

/**
 * How long a lease lasts after its last renewal. Short, because another process takes over the messages of a process that died only
 * then. It survives a pause of two seconds between two renewals.
 */
const LEASE_MS = 4_000;
const RENEW_EVERY_MS = 1_000;
/** A drain of one message is over sooner, so it costs no renewal. */
const RENEW_AFTER_MS = 500;

/**
 * A message is written within this time after its lease was confirmed, or not at all. Thus another process takes over two seconds after
 * the write at the earliest, and the platform has had that time before the new holder looks the message up.
 */
const WRITE_WITHIN_MS = 2_000;

/** An instant by two clocks: one stops while the machine sleeps, the other can be set. */
type Moment = { readonly monotonicMs: number; readonly at: number };

export type Leases = {
  /** Runs a statement that takes or renews leases for `leaseMs`, and returns its result with the instant from which they surely hold. */
  confirming<T>(statement: (leaseMs: number) => Promise<T>): Promise<{ readonly result: T; readonly since: Moment }>;
  /** Keeps a lease alive until it is let go. Called again after each statement that renewed it. */
  hold(lease: Lease, since: Moment): void;
  letGo(lease: Lease): void;
  /** Whether a message may be written now under this lease. */
  isCurrent(lease: Lease): boolean;
  /** Renews the held leases every second, all in one statement, until the signal aborts and none is held. */
  run(): Promise<void>;
};

/** Creates the leases of this process. They are renewed beside the drains, so a slow platform does not prolong them, only a live process. */
export function createLeases(options: {
  readonly store: Pick<DeliveryStore, 'renew'>;
  readonly clock: Clock;
  readonly log: Log;
  /** A monotonic clock in milliseconds, unaffected by changes to the system clock. */
  readonly monotonicMs: () => number;
  readonly signal: AbortSignal;
  /** In milliseconds. */
  readonly leaseMs?: number | undefined;
}): Leases {
  const { store, clock, log, monotonicMs, signal, leaseMs = LEASE_MS } = options;
  const held = new Map<Lease, Moment>();
  const moment = (): Moment => ({ monotonicMs: monotonicMs(), at: clock.now().getTime() });
  const ageMs = (since: Moment): number => {
    const now = moment();
    return Math.max(now.monotonicMs - since.monotonicMs, now.at - since.at);
  };
  const confirming: Leases['confirming'] = async (statement) => {
    const since = moment();
    return { result: await statement(leaseMs), since };
  };

  return {
    confirming,
    hold: (lease, since) => void held.set(lease, since),
    letGo: (lease) => void held.delete(lease),
    isCurrent(lease) {
      const since = held.get(lease);
      return since !== undefined && ageMs(since) < WRITE_WITHIN_MS;
    },
    async run() {
      while (!signal.aborted || held.size > 0) {
        await clock.sleep(RENEW_EVERY_MS, ...(signal.aborted ? [] : [signal]));
        await renew([...held].flatMap(([lease, since]) => (ageMs(since) < RENEW_AFTER_MS ? [] : [lease])));
      }
    },
  };

  async function renew(leases: readonly Lease[]): Promise<void> {
    if (leases.length === 0) return;
    try {
      const { result, since } = await confirming((ms) => store.renew(leases, ms));
      for (const [index, lease] of leases.entries()) {
        // A lease that was lost is not current, and the next write of its drain reports it.
        if (result[index] !== true) held.delete(lease);
        else if (held.has(lease)) held.set(lease, since);
      }
    } catch (error) {
      // The sweep and the drains report an outage. The next second tries again.
      if (!(error instanceof StoreUnavailable)) log.error({ error, leases: leases.length }, 'lease renewal failed');
    }
  }
}
