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
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Messenger } from '../../ports/outbound/messenger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { StoreUnavailable } from '../../ports/stores/store-errors.ts';
import type { AttemptEnd, AttemptEnded, AttemptStart, DeliveryStore, Lease, PendingDelivery } from '../../ports/stores/delivery-store.ts';
import { attempt, type ToSend } from './attempt.ts';
import { fieldsOf, LOOKED_UP, pauseOf, settlementOf, disablingOf } from './settle.ts';
import { createBatcher } from '../../async/batcher.ts';

/** Renewed before every post; longer than a messenger's timeout, so that a live drain is never overtaken in a post. */
const LEASE_MS = 10_000;

/**
 * A message is written this soon after its attempt was recorded, or not at all: what is written then has had its answer, or none,
 * before the lease is over and another process may send it. The rest of the lease is a messenger's timeout.
 */
const WRITE_WITHIN_MS = 5_000;

/** As many as one look takes and one summary can count. What waits beyond them goes out in the next one. */
const MOST_AT_ONCE = 200;

/** What becomes ready within this is waited for with the lease in hand; the sweep comes back for the rest. */
const LINGER_MS = 1_500;

/** So many drains share one statement. */
const MOST_TOGETHER = 300;

type AttemptResult = AttemptEnded | 'off';

export type Drain = (destinationId: string) => Promise<void>;

/**
 * Empties one destination: holds it by lease and fencing token, posts in order and at the messenger's pace, and records
 * every attempt before it is made and after. Any number of drains may be called for one destination at once, here and
 * in other processes; one works and the others return.
 */
export function createDrain(options: {
  readonly store: DeliveryStore;
  readonly messengers: readonly Messenger[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Names this process in the lease. */
  readonly owner: string;
  /** In [0, 1). */
  readonly random: () => number;
  /** Milliseconds that pass also while this process is stopped, and whatever is done to the clock. */
  readonly monotonicMs: () => number;
  /** Called when something is left for later, so that a timer can be set for it. */
  readonly onLeftWaiting: () => void;
  /** Aborted when the service stops: nothing new is begun after that. */
  readonly signal: AbortSignal;
  /** For how long a destination is held, in milliseconds. */
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
          // What has come meanwhile goes out with it, and what is over does not.
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
    if (!messenger) log.warn({ destination: destinationId, kind: lease.kind }, 'no messenger for this kind of destination in this process');
  };

  /** The next step of what waits, and how the destination is held after it: the drain goes on only with one that is. */
  async function advance(lease: Lease, messenger: Messenger, queue: readonly PendingDelivery[]): Promise<AttemptResult> {
    if (queue.length === 0) return 'held';
    const plan = planNext(queue, messenger.can, clock.now());
    if (plan.step === 'send') return deliver(lease, plan, messenger);
    const dropped = plan.deliveries.map((one) => one.id);
    log.info({ destination: lease.destinationId, deliveries: dropped, reason: plan.reason }, 'not sent any more');
    return (await store.drop(lease, dropped, plan.reason, clock.now())) ? 'held' : fencedOff(lease);
  }

  /**
   * Sends what is planned, or first looks up what may stand there already. The first of the members carries the attempts, and its
   * id goes with the message.
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
   * Settles what an earlier attempt left open, as soon as the platform answers. What does not stand there is planned anew: it may not
   * be worth sending any more.
   */
  async function lookUp(step: Step & { readonly first: PendingDelivery }): Promise<AttemptResult> {
    const { toSend, messenger, first, tried } = step;
    const started = { ...step.started, kind: 'lookup' as const };
    if (!(await startAttempt(started))) return fencedOff(started.lease);
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
    const found = await aloneOrNot(believed(answer, first.attempts, askedAt), doubts, first.id);
    const next = afterLookup(found, doubts, tried, now, random());
    const outcome = LOOKED_UP[found.found];
    const reason = 'reason' in found ? found.reason : null;
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
      'looked up',
    );
    if (ended === 'fenced') return fencedOff(started.lease);
    if (!('send' in next)) return ended;
    const again = { ...step.started, number: started.number + 1 };
    return make(next.send, { started: again, toSend, messenger, tried: { ...tried, attempts: tried.attempts + 1 } });
  }

  /** What was restored and does not stand there under its own id may have gone out in the message of another. */
  async function aloneOrNot(found: LookedUp, doubts: readonly PastAttempt[], deliveryId: string): Promise<LookedUp> {
    const wasRestored = found.found === 'no' && doubts.some(({ kind }) => kind === 'restored');
    return wasRestored && (await store.mayStandWithEarlier(deliveryId))
      ? { found: 'unavailable', reason: 'It may have been posted in one message with others' }
      : found;
  }

  /** One attempt to send, recorded before it is made and after. */
  async function make(kind: AttemptKind, { started: at, toSend, messenger, tried }: Step): Promise<AttemptResult> {
    const started = { ...at, kind };
    const { lease } = started;
    const isCurrent = within(WRITE_WITHIN_MS);
    if (!(await startAttempt(started))) return fencedOff(lease);
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
    if (outcome.outcome === 'sent') log.info(fields, 'delivered');
    else if (outcome.outcome === 'rejected') log.error({ ...fields, remedy: outcome.remedy }, 'delivery rejected');
    else log.warn(fields, 'delivery not confirmed');
    if (disabling !== null) onLeftWaiting();
    if (ended === 'fenced') return fencedOff(lease);
    return disabling === null ? ended : 'off';
  }

  /** True until so much time has passed by either clock: one of them stands still while a machine sleeps, the other is put right. */
  function within(ms: number): () => boolean {
    const [since, at] = [monotonicMs(), clock.now().getTime()];
    return () => monotonicMs() - since < ms && clock.now().getTime() - at < ms;
  }

  function fencedOff(lease: Lease): 'fenced' {
    log.warn({ destination: lease.destinationId }, 'another process has taken this destination over');
    return 'fenced';
  }
}

/** What is about to be done for what goes out as one message. */
type Step = {
  readonly started: Omit<AttemptStart, 'kind'>;
  readonly toSend: ToSend;
  readonly messenger: Messenger;
  readonly tried: Tried;
};

/** Drains at work at the same time share statements and commits; one alone does not wait for others. */
function shared<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  return createBatcher({
    atOnce: 1,
    most: MOST_TOGETHER,
    sizeOf: () => 1,
    groupOf: () => '',
    failsAll: (error) => error instanceof StoreUnavailable,
    run,
  });
}
