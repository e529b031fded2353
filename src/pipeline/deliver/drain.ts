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
import type { AttemptEnded, AttemptStart, DeliveryStore, Lease, PendingDelivery } from '../../ports/stores/delivery-store.ts';
import { attempt, type ToSend } from './attempt.ts';
import { fieldsOf, LOOKED_UP, lookUpReason, pauseOf, settlementOf, disablingOf } from './settle.ts';
import type { Rest } from '../../async/concurrency-limit.ts';
import { sleepUntil } from './sleep-until.ts';
import type { Leases } from './leases.ts';
import { shareStatements } from './share-statements.ts';

/** The drain keeps its lease and waits this long for the next delivery. The sweep handles later ones. */
const LINGER_MS = 1_500;

/** The next message is read, rendered and recorded this long before it may be written, so that no time is lost then. */
const AHEAD_MS = 100;

/** Instants are whole milliseconds, rounded down. A pace that begins this much too early would be too short for a platform. */
const ROUNDED_MS = 1;

/**
 * What a step left. `notBefore`: the destination is still held, and nothing can be written there before this. Null: look at once, or the
 * drain ends.
 */
type Advanced = { readonly left: AttemptEnded | 'disabled'; readonly notBefore: Date | null };
const FENCED: Advanced = { left: 'fenced', notBefore: null };

/** `rest`: called for each wait, in which others may work. */
export type Drain = (destinationId: string, rest?: Rest) => Promise<void>;

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
  readonly leases: Leases;
  /** Called when a delivery remains for later, so that a timer can be set. */
  readonly onLeftWaiting: () => void;
  /** Aborts when the service stops; nothing new is started after that. */
  readonly signal: AbortSignal;
}): Drain {
  const { store, clock, log, metrics, owner, random, leases, onLeftWaiting, signal } = options;
  const messengers = new Map<string, Messenger>(options.messengers.map((messenger) => [messenger.kind, messenger]));

  const { claim, pending, startAttempt, finishAttempt, release } = shareStatements({ store, leases, clock, owner });

  return async (destinationId, rest = (wait) => wait()) => {
    if (signal.aborted) return;
    const lease = await claim(destinationId);
    if (lease === null) return;
    const messenger = messengers.get(lease.kind);
    let isHeld = true;
    let notBefore: Date | null = null;
    try {
      while (messenger && !signal.aborted) {
        if (notBefore !== null) {
          const waitMs = notBefore.getTime() - clock.now().getTime();
          if (waitMs > LINGER_MS) {
            onLeftWaiting();
            break;
          }
          const readAt = new Date(notBefore.getTime() - AHEAD_MS);
          if (waitMs > AHEAD_MS) await rest(() => sleepUntil(clock, readAt, signal));
          notBefore = null;
          if (signal.aborted) break;
        }
        // Only after the wait: more may have arrived during it, and some of it may be outdated.
        const queue = await pending(lease);
        const [head] = queue;
        if (head === undefined) break;
        if (head.readyAt.getTime() - clock.now().getTime() > AHEAD_MS) {
          notBefore = head.readyAt;
          continue;
        }
        const next = await advance(lease, messenger, { queue, readyAt: head.readyAt, rest });
        isHeld = next.left !== 'given-back';
        if (next.left !== 'held') break;
        ({ notBefore } = next);
      }
    } finally {
      leases.letGo(lease);
      if (isHeld) await release(lease);
    }
    if (!messenger)
      log.warn({ destination: destinationId, kind: lease.kind }, 'delivery skipped: no messenger for this kind of destination');
  };

  /**
   * Takes the next step for the pending deliveries and returns whether the destination is still held. The drain continues only if it
   * is.
   */
  async function advance(
    lease: Lease,
    messenger: Messenger,
    { queue, ...when }: { readonly queue: readonly PendingDelivery[] } & When,
  ): Promise<Advanced> {
    const plan = planNext(queue, messenger.can, clock.now());
    if (plan.step === 'send') return deliver(lease, plan, messenger, when);
    const dropped = plan.deliveries.map((one) => one.id);
    const reason = dropReasonText(plan.reason);
    log.info({ destination: lease.destinationId, deliveries: dropped, reason }, 'deliveries dropped');
    return (await store.drop(lease, dropped, reason, clock.now())) ? { left: 'held', notBefore: null } : lostLease(lease);
  }

  /**
   * Sends the planned message, or first looks up whether it was posted before. The attempts are recorded with the first member, whose
   * id is sent with the message.
   */
  async function deliver(lease: Lease, toSend: ToSend, messenger: Messenger, when: When): Promise<Advanced> {
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
      ? lookUp({ started, toSend, messenger, first, tried, when })
      : make('post', { started, toSend, messenger, tried, when });
  }

  /**
   * Settles an earlier attempt with an unknown outcome, once the platform answers. A message that does not exist is planned again,
   * because it may be outdated.
   */
  async function lookUp(step: Step & { readonly first: PendingDelivery }): Promise<Advanced> {
    const { toSend, messenger, first, tried, when } = step;
    const started = { ...step.started, kind: 'lookup' as const };
    if (!(await startAttempt(started))) return lostLease(started.lease);
    await untilReady(when);
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
    if (!('send' in next)) return { left: ended, notBefore: latest(settlementOf(settled).dueAt, pauseOf(settled)) };
    const again = { ...step.started, number: started.number + 1 };
    return make(next.send, { started: again, toSend, messenger, tried: { ...tried, attempts: tried.attempts + 1 }, when });
  }

  /** A restored delivery that is not found under its own id may have been part of another message. */
  async function unlessInSummary(found: LookedUp, doubts: readonly PastAttempt[], deliveryId: string): Promise<LookedUp> {
    const wasRestored = found.found === 'no' && doubts.some(({ kind }) => kind === 'restored');
    return wasRestored && (await store.mayStandWithEarlier(deliveryId))
      ? { found: 'unavailable', reason: DELIVERY_REASONS.maybeInSummary }
      : found;
  }

  /** Makes one attempt to send, recorded before and after. */
  async function make(kind: AttemptKind, { started: at, toSend, messenger, tried, when }: Step): Promise<Advanced> {
    const started = { ...at, kind };
    const { lease } = started;
    if (!(await startAttempt(started))) return lostLease(lease);
    await untilReady(when);
    const isCurrent = () => leases.isCurrent(lease);
    const outcome = await attempt(messenger, lease.address, toSend, { possibleDuplicate: kind === 'repost', isCurrent, log });
    const now = clock.now();
    const nextAllowedAt = new Date(now.getTime() + (messenger.paceMs > 0 ? messenger.paceMs + ROUNDED_MS : 0));
    const step = nextStep(outcome, { ...tried, repeatable: toSend.place.kind === 'edit' }, now, random());
    const reason = outcome.outcome === 'sent' ? null : outcome.reason;
    const disabling = outcome.outcome === 'rejected' && outcome.scope !== 'message' ? disablingOf(outcome) : null;
    const ended = await finishAttempt({
      ...started,
      outcome: outcome.outcome,
      reason,
      settlement: settlementOf(step),
      nextAllowedAt,
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
    return { left: disabling === null ? ended : 'disabled', notBefore: latest(nextAllowedAt, settlementOf(step).dueAt, pauseOf(step)) };
  }

  /** Waits for the rest of `AHEAD_MS`, also when the service stops: what was recorded is sent. */
  async function untilReady({ readyAt, rest }: When): Promise<void> {
    if (readyAt > clock.now()) await rest(() => sleepUntil(clock, readyAt));
  }

  function lostLease(lease: Lease): Advanced {
    log.warn({ destination: lease.destinationId }, 'lease lost to another process');
    return FENCED;
  }
}

function latest(...instants: readonly (Date | null | undefined)[]): Date | null {
  const known = instants.flatMap((instant) => instant ?? []);
  return known.length === 0 ? null : new Date(Math.max(...known.map((instant) => instant.getTime())));
}

/** When the next message may be written, at most `AHEAD_MS` from now. */
type When = { readonly readyAt: Date; readonly rest: Rest };

/** The next attempt of one message. */
type Step = {
  readonly when: When;
  readonly started: Omit<AttemptStart, 'kind'>;
  readonly toSend: ToSend;
  readonly messenger: Messenger;
  readonly tried: Tried;
};
