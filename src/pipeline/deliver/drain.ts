import {
  afterLookup,
  believed,
  inDoubt,
  nextStep,
  triedForMs,
  type AttemptKind,
  type LookedUp,
  type PastAttempt,
  type Tried,
} from '../../core/notifications/delivery.ts';
import { planNext } from '../../core/notifications/delivery-plan.ts';
import { DELIVERY_REASONS, dropReasonText } from '../../messages/notices/delivery-reasons.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Messenger } from '../../ports/outbound/messenger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { AttemptEnd, AttemptEnded, AttemptStart, DeliveryStore, Lease, PendingDelivery } from '../../ports/stores/delivery-store.ts';
import { attempt, type ToSend } from './attempt.ts';
import { fieldsOf, LOOKED_UP, lookUpReason, pauseOf, settlementOf, disablingOf } from './settle.ts';
import { createBatcher } from '../../async/batcher.ts';

/** Renewed before every post. Longer than a messenger's timeout, so that no other process takes over during a post. */
const LEASE_MS = 10_000;

/**
 * A message is written within this time after its attempt was recorded, or not at all. The rest of the lease is the timeout of a
 * messenger, so its outcome is known before another process may send it.
 */
const WRITE_WITHIN_MS = 5_000;

/** The most deliveries read at once and counted in one summary. The rest is sent in the next message. */
const MOST_AT_ONCE = 200;

/** The drain keeps its lease and waits this long for the next delivery. The sweep handles later ones. */
const LINGER_MS = 1_500;

/** The most drains that share one statement. */
const MOST_DRAINS_PER_STATEMENT = 300;

type AttemptResult = AttemptEnded | 'disabled';

export type Drain = (destinationId: string) => Promise<void>;

/**
 * Creates the drain, which posts the pending deliveries of one destination: it holds the destination by a lease with a fencing token,
 * posts in order at the pace of the messenger, and records every attempt before and after. Drains may be called concurrently for one
 * destination, here and in other processes; one works and the others return.
 *
 * @throws {StoreUnavailable} from the drain, if the database does not answer
 */
export function createDrain(options: {
  readonly store: DeliveryStore;
  readonly messengers: readonly Messenger[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Identifies this process in the lease. */
  readonly owner: string;
  /** In [0, 1). */
  readonly random: () => number;
  /** A monotonic clock in milliseconds, unaffected by changes to the system clock. */
  readonly monotonicMs: () => number;
  /** Called when a delivery remains for later, so that a timer can be set. */
  readonly onLeftWaiting: () => void;
  /** Aborts when the service stops; nothing new is started after that. */
  readonly signal: AbortSignal;
  /** The length of a lease, in milliseconds. */
  readonly leaseMs?: number | undefined;
}): Drain {
  const { store, clock, log, metrics, owner, random, monotonicMs, onLeftWaiting, signal, leaseMs = LEASE_MS } = options;
  const messengers = new Map<string, Messenger>(options.messengers.map((messenger) => [messenger.kind, messenger]));

  const claim = shared((ids: readonly string[]) => store.claim(ids, owner, clock.now(), leaseMs));
  const pending = shared((leases: readonly Lease[]) => store.pending(leases, MOST_AT_ONCE, clock.now()));
  const startAttempt = shared((starts: readonly AttemptStart[]) => store.startAttempts(starts, clock.now(), leaseMs));
  const finishAttempt = shared((ends: readonly AttemptEnd[]) => store.finishAttempts(ends, clock.now()));
  const release = shared((leases: readonly Lease[]) => store.release(leases).then(() => leases));

  return async (destinationId) => {
    if (signal.aborted) return;
    const lease = await claim(destinationId);
    if (lease === null) return;
    const messenger = messengers.get(lease.kind);
    let isHeld = true;
    try {
      while (messenger && !signal.aborted) {
        let queue = await pending(lease);
        const [head] = queue;
        if (head === undefined) break;
        const waitMs = head.readyAt.getTime() - clock.now().getTime();
        if (waitMs > LINGER_MS) {
          onLeftWaiting();
          break;
        }
        if (waitMs > 0) {
          await clock.sleep(waitMs, signal);
          // Includes deliveries that arrived during the wait, and drops those that are outdated.
          queue = await pending(lease);
        }
        if (signal.aborted) break;
        const next = await advance(lease, messenger, queue);
        isHeld = next !== 'given-back';
        if (next !== 'held') break;
      }
    } finally {
      if (isHeld) await release(lease);
    }
    if (!messenger)
      log.warn({ destination: destinationId, kind: lease.kind }, 'delivery skipped: no messenger for this kind of destination');
  };

  /**
   * Takes the next step for the pending deliveries and returns whether the destination is still held. The drain continues only if it
   * is.
   */
  async function advance(lease: Lease, messenger: Messenger, queue: readonly PendingDelivery[]): Promise<AttemptResult> {
    if (queue.length === 0) return 'held';
    const plan = planNext(queue, messenger.can, clock.now());
    if (plan.step === 'send') return deliver(lease, plan, messenger);
    const dropped = plan.deliveries.map((one) => one.id);
    const reason = dropReasonText(plan.reason);
    log.info({ destination: lease.destinationId, deliveries: dropped, reason }, 'deliveries dropped');
    return (await store.drop(lease, dropped, reason, clock.now())) ? 'held' : lostLease(lease);
  }

  /**
   * Sends the planned message, or first looks up whether it was posted before. The attempts are recorded with the first member, whose
   * id is sent with the message.
   */
  async function deliver(lease: Lease, toSend: ToSend, messenger: Messenger): Promise<AttemptResult> {
    const [first] = toSend.members;
    if (first === undefined) throw new Error('nothing to deliver');
    const number = (first.attempts.at(-1)?.number ?? 0) + 1;
    const tried = {
      attempts: first.attempts.length + 1,
      forMs: triedForMs(
        first.attempts.map(({ startedAt }) => startedAt),
        clock.now(),
      ),
    };
    const started = { lease, deliveryIds: toSend.members.map((one) => one.id), number };
    return first.inDoubt && toSend.place.kind !== 'edit'
      ? lookUp({ started, toSend, messenger, first, tried })
      : make('post', { started, toSend, messenger, tried });
  }

  /**
   * Settles an earlier attempt with an unknown outcome, once the platform answers. A message that does not exist is planned again,
   * because it may be outdated.
   */
  async function lookUp(step: Step & { readonly first: PendingDelivery }): Promise<AttemptResult> {
    const { toSend, messenger, first, tried } = step;
    const started = { ...step.started, kind: 'lookup' as const };
    if (!(await startAttempt(started))) return lostLease(started.lease);
    const doubts = inDoubt(first.attempts);
    const askedAt = clock.now();
    const answer = await messenger.find({
      address: started.lease.address,
      place: toSend.place,
      deliveryId: first.id,
      since: first.attempts[0]?.startedAt ?? askedAt,
      doubtedAt: doubts.at(-1)?.startedAt ?? askedAt,
    });
    const now = clock.now();
    const found = await unlessInSummary(believed(answer, first.attempts, askedAt), doubts, first.id);
    const next = afterLookup(found, doubts, tried, now, random());
    const outcome = LOOKED_UP[found.found];
    const reason = lookUpReason(found);
    const settled = 'send' in next ? { status: 'pending' as const, dueAt: now, pausedUntil: null } : next;
    const ended = await finishAttempt({
      ...started,
      outcome,
      reason,
      settlement: settlementOf(settled),
      nextAllowedAt: now,
      pausedUntil: pauseOf(settled),
      disabling: null,
    });
    log.info(
      { ...fieldsOf(started), place: toSend.place.kind, outcome, reason, next: 'send' in next ? next.send : next.status },
      'delivery looked up',
    );
    if (ended === 'fenced') return lostLease(started.lease);
    if (!('send' in next)) return ended;
    const again = { ...step.started, number: started.number + 1 };
    return make(next.send, { started: again, toSend, messenger, tried: { ...tried, attempts: tried.attempts + 1 } });
  }

  /** A restored delivery that is not found under its own id may have been part of another message. */
  async function unlessInSummary(found: LookedUp, doubts: readonly PastAttempt[], deliveryId: string): Promise<LookedUp> {
    const wasRestored = found.found === 'no' && doubts.some(({ kind }) => kind === 'restored');
    return wasRestored && (await store.mayStandWithEarlier(deliveryId))
      ? { found: 'unavailable', reason: DELIVERY_REASONS.maybeInSummary }
      : found;
  }

  /** Makes one attempt to send, recorded before and after. */
  async function make(kind: AttemptKind, { started: at, toSend, messenger, tried }: Step): Promise<AttemptResult> {
    const started = { ...at, kind };
    const { lease } = started;
    const isCurrent = within(WRITE_WITHIN_MS);
    if (!(await startAttempt(started))) return lostLease(lease);
    const outcome = await attempt(messenger, lease.address, toSend, { possibleDuplicate: kind === 'repost', isCurrent, log });
    const now = clock.now();
    const step = nextStep(outcome, { ...tried, repeatable: toSend.place.kind === 'edit' }, now, random());
    const reason = outcome.outcome === 'sent' ? null : outcome.reason;
    const disabling = outcome.outcome === 'rejected' && outcome.scope !== 'message' ? disablingOf(outcome) : null;
    const ended = await finishAttempt({
      ...started,
      outcome: outcome.outcome,
      reason,
      settlement: settlementOf(step),
      nextAllowedAt: new Date(now.getTime() + messenger.paceMs),
      pausedUntil: pauseOf(step),
      disabling,
    });
    metrics.attempted(lease.kind, outcome.outcome);
    const fields = { ...fieldsOf(started), place: toSend.place.kind, outcome: outcome.outcome, reason, next: step.status };
    if (outcome.outcome === 'sent') log.info(fields, 'delivery sent');
    else if (outcome.outcome === 'rejected') log.error({ ...fields, remedy: outcome.remedy }, 'delivery rejected');
    else log.warn(fields, 'delivery not confirmed');
    if (disabling !== null) onLeftWaiting();
    if (ended === 'fenced') return lostLease(lease);
    return disabling === null ? ended : 'disabled';
  }

  /**
   * Returns a function that is true until `ms` have passed by either clock: one stops while the machine sleeps, the other can be set.
   */
  function within(ms: number): () => boolean {
    const [since, at] = [monotonicMs(), clock.now().getTime()];
    return () => monotonicMs() - since < ms && clock.now().getTime() - at < ms;
  }

  function lostLease(lease: Lease): 'fenced' {
    log.warn({ destination: lease.destinationId }, 'lease lost to another process');
    return 'fenced';
  }
}

/** The next attempt of one message. */
type Step = {
  readonly started: Omit<AttemptStart, 'kind'>;
  readonly toSend: ToSend;
  readonly messenger: Messenger;
  readonly tried: Tried;
};

/** Concurrent drains share statements and commits; a single one does not wait for others. */
function shared<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  return createBatcher({
    atOnce: 1,
    most: MOST_DRAINS_PER_STATEMENT,
    sizeOf: () => 1,
    groupOf: () => '',
    failsAll: (error) => error instanceof StoreUnavailable,
    run,
  });
}
