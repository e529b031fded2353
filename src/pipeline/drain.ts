import { nextStep, type NextStep, type SendOutcome } from '../core/delivery.ts';
import { planNext, type Place } from '../core/delivery-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/messenger.ts';
import type { Metrics } from '../ports/metrics.ts';
import { StoreUnavailable } from '../ports/ingest.ts';
import type {
  AttemptEnd,
  AttemptEnded,
  AttemptRow,
  AttemptStart,
  DeliveryStore,
  Lease,
  PendingDelivery,
  Settlement,
  SwitchOff,
} from '../ports/delivery-store.ts';
import { attempt, type ToSend } from './attempt.ts';
import { together } from './together.ts';

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

type Standing = AttemptEnded | 'off';

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
}): Drain {
  const { store, clock, log, metrics, owner, random, monotonicMs, onLeftWaiting, signal } = options;
  const messengers = new Map<string, Messenger>(options.messengers.map((messenger) => [messenger.kind, messenger]));

  const claim = shared((ids: readonly string[]) => store.claim(ids, owner, clock.now(), LEASE_MS));
  const pending = shared((leases: readonly Lease[]) => store.pending(leases, MOST_AT_ONCE, clock.now()));
  const startAttempt = shared((starts: readonly AttemptStart[]) => store.startAttempts(starts, clock.now(), LEASE_MS));
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
  async function advance(lease: Lease, messenger: Messenger, queue: readonly PendingDelivery[]): Promise<Standing> {
    if (queue.length === 0) return 'held';
    const plan = planNext(queue, messenger.can, clock.now());
    if (plan.step === 'send') return deliver(lease, plan, messenger);
    const dropped = plan.deliveries.map((one) => one.id);
    log.info({ destination: lease.destinationId, deliveries: dropped, reason: plan.reason }, 'not sent any more');
    return (await store.drop(lease, dropped, plan.reason, clock.now())) ? 'held' : fencedOff(lease);
  }

  /** One attempt, or the look-up of an earlier one. The first of the members carries the attempts, and its id goes with the message. */
  async function deliver(lease: Lease, { members, place, snapshots }: ToSend, messenger: Messenger): Promise<Standing> {
    const [first] = members;
    if (first === undefined) throw new Error('nothing to deliver');
    const last = first.attempts.at(-1);
    const mayStand = first.inDoubt && place.kind !== 'edit';
    const found = mayStand
      ? await messenger.find({ address: lease.address, place, deliveryId: first.id, since: first.attempts[0]?.startedAt ?? clock.now() })
      : null;
    const settle = (number: number, outcome: SendOutcome) => record(lease, members, number, outcome, place, messenger);
    if (found?.found === 'yes') return settle(last?.number ?? 1, { outcome: 'sent', messageRef: found.messageRef });
    if (found?.found === 'unavailable' && countUnknown(first.attempts) > 1) {
      return settle(last?.number ?? 1, { outcome: 'unknown', reason: 'interrupted twice, and the channel cannot be looked up' });
    }
    const number = (last?.number ?? 0) + 1;
    const isCurrent = within(WRITE_WITHIN_MS);
    if (!(await startAttempt({ lease, deliveryIds: members.map((one) => one.id), number }))) return fencedOff(lease);
    return settle(
      number,
      await attempt(
        messenger,
        lease.address,
        { members, place, snapshots },
        { possibleRepeat: found?.found === 'unavailable', isCurrent, log },
      ),
    );
  }

  async function record(
    lease: Lease,
    members: readonly PendingDelivery[],
    number: number,
    outcome: SendOutcome,
    place: Place,
    messenger: Messenger,
  ): Promise<Standing> {
    const now = clock.now();
    const attempts = members[0]?.attempts ?? [];
    const earlier = attempts.filter((one) => one.number !== number);
    const history = {
      attempts: earlier.length + 1,
      unknowns: countUnknown(earlier) + (outcome.outcome === 'unknown' ? 1 : 0),
      firstAttemptAt: attempts[0]?.startedAt ?? now,
      repeatable: place.kind === 'edit',
    };
    const step = nextStep(outcome, history, now, random());
    const reason = outcome.outcome === 'sent' ? null : outcome.reason;
    const off = outcome.outcome === 'rejected' && outcome.scope !== 'message' ? switchOff(outcome) : null;
    const pacedAt = new Date(now.getTime() + messenger.paceMs);
    const nextAllowedAt = step.status === 'pending' && step.pause && step.dueAt > pacedAt ? step.dueAt : pacedAt;
    const ids = members.map((one) => one.id);
    const ended = await finishAttempt({
      lease,
      deliveryIds: ids,
      number,
      outcome: outcome.outcome,
      reason,
      settlement: settlementOf(step),
      nextAllowedAt,
      off,
    });
    metrics.attempted(lease.kind, outcome.outcome);
    const fields = {
      deliveries: ids,
      destination: lease.destinationId,
      kind: lease.kind,
      place: place.kind,
      attempt: number,
      outcome: outcome.outcome,
      reason,
      next: step.status,
    };
    if (outcome.outcome === 'sent') log.info(fields, 'delivered');
    else if (outcome.outcome === 'rejected') log.error({ ...fields, remedy: outcome.remedy }, 'delivery rejected');
    else log.warn(fields, 'delivery not confirmed');
    if (off !== null) onLeftWaiting();
    if (ended === 'fenced') return fencedOff(lease);
    return off === null ? ended : 'off';
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

/** Drains at work at the same time share statements and commits; one alone does not wait for others. */
function shared<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  return together({
    atOnce: 1,
    most: MOST_TOGETHER,
    sizeOf: () => 1,
    groupOf: () => '',
    failsAll: (error) => error instanceof StoreUnavailable,
    run,
  });
}

function switchOff({ reason, remedy, scope, removed }: Extract<SendOutcome, { outcome: 'rejected' }>): SwitchOff {
  return { scope: scope === 'installation' ? 'installation' : 'destination', reason: `${reason}. ${remedy}`, ...(removed && { removed }) };
}

function settlementOf(step: NextStep): Settlement {
  switch (step.status) {
    case 'sent':
      return { status: 'sent', messageRef: step.messageRef };
    case 'pending':
      return { status: 'pending', dueAt: step.dueAt };
    case 'held':
      return { status: 'pending' };
    default:
      return { status: step.status };
  }
}

function countUnknown(attempts: readonly AttemptRow[]): number {
  return attempts.filter((attempt) => attempt.outcome === null || attempt.outcome === 'unknown').length;
}
