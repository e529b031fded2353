import { nextStep, type NextStep, type SendOutcome } from '../core/delivery.ts';
import { severityOf, wordsFor } from '../core/words/notification.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Messenger } from '../ports/messenger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AttemptRow, DeliveryStore, Lease, PendingDelivery, Settlement, SwitchOff } from '../ports/store.ts';

/** Renewed before every post; longer than a messenger's timeout, so that a live drain is never overtaken in a post. */
export const LEASE_MS = 10_000;

/** What becomes ready within this is waited for with the lease in hand; the sweep comes back for the rest. */
const LINGER_MS = 1_500;

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
  /** Called when something is left for later, so that a timer can be set for it. */
  readonly onLeftWaiting: () => void;
  /** Aborted when the service stops: nothing new is begun after that. */
  readonly signal: AbortSignal;
}): Drain {
  const { store, clock, log, metrics, owner, random, onLeftWaiting, signal } = options;
  const messengers = new Map<string, Messenger>(options.messengers.map((messenger) => [messenger.kind, messenger]));

  return async (destinationId) => {
    if (signal.aborted) return;
    const lease = await store.claim(destinationId, owner, clock.now(), LEASE_MS);
    if (lease === null) return;
    const messenger = messengers.get(lease.kind);
    try {
      while (messenger && !signal.aborted) {
        const delivery = await store.head(lease);
        if (delivery === null) break;
        const waitMs = delivery.readyAt.getTime() - clock.now().getTime();
        if (waitMs > LINGER_MS) {
          onLeftWaiting();
          break;
        }
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        if (signal.aborted || !(await deliver(lease, delivery, messenger))) break;
      }
    } finally {
      await store.release(lease);
    }
    if (!messenger) log.warn({ destination: destinationId, kind: lease.kind }, 'no messenger for this kind of destination in this process');
  };

  /** One attempt, or the look-up of an earlier one. False when the drain must stop: fenced off, or the destination is off. */
  async function deliver(lease: Lease, delivery: PendingDelivery, messenger: Messenger): Promise<boolean> {
    const last = delivery.attempts.at(-1);
    // An attempt without an outcome was interrupted between the post and the mark: it may have landed.
    const inDoubt = last !== undefined && (last.outcome === null || last.outcome === 'unknown');
    const found = inDoubt ? await lookUp(lease, delivery, messenger) : null;
    if (found?.found === 'yes') return record(lease, delivery, last?.number ?? 1, { outcome: 'sent', messageRef: found.messageRef }, messenger);
    if (found?.found === 'unavailable' && countUnknown(delivery.attempts) > 1) {
      return record(lease, delivery, last?.number ?? 1, { outcome: 'unknown', reason: 'interrupted twice, and the channel cannot be looked up' }, messenger);
    }
    const number = (last?.number ?? 0) + 1;
    if (!(await store.startAttempt(lease, delivery.id, number, clock.now(), LEASE_MS))) return fencedOff(lease);
    const outcome = await attempt(lease, delivery, messenger, found?.found === 'unavailable');
    return record(lease, delivery, number, outcome, messenger);
  }

  async function attempt({ address }: Lease, delivery: PendingDelivery, messenger: Messenger, possibleRepeat: boolean): Promise<SendOutcome> {
    const { snapshot, timeZone, mentions, id } = delivery;
    try {
      const message = wordsFor(snapshot, { timeZone, mentions });
      return await messenger.send({ address, message, severity: severityOf(snapshot), deliveryId: id, possibleRepeat });
    } catch (error) {
      // A fault of ours, not of the platform. Retrying it would block what waits behind it for ever.
      log.error({ error, delivery: id }, 'a delivery could not be put into words');
      return { outcome: 'rejected', scope: 'message', reason: 'it could not be put into words', remedy: 'Please report the error in the log.' };
    }
  }

  async function lookUp(lease: Lease, delivery: PendingDelivery, messenger: Messenger) {
    const since = delivery.attempts[0]?.startedAt ?? clock.now();
    return messenger.find({ address: lease.address, deliveryId: delivery.id, since });
  }

  async function record(lease: Lease, delivery: PendingDelivery, number: number, outcome: SendOutcome, messenger: Messenger): Promise<boolean> {
    const now = clock.now();
    const earlier = delivery.attempts.filter((attempt) => attempt.number !== number);
    const history = {
      attempts: earlier.length + 1,
      unknowns: countUnknown(earlier) + (outcome.outcome === 'unknown' ? 1 : 0),
      firstAttemptAt: delivery.attempts[0]?.startedAt ?? now,
    };
    const step = nextStep(outcome, history, now, random());
    const reason = outcome.outcome === 'sent' ? null : outcome.reason;
    const off = outcome.outcome === 'rejected' && outcome.scope !== 'message' ? switchOff(outcome) : null;
    const pacedAt = new Date(now.getTime() + messenger.paceMs);
    const nextAllowedAt = step.status === 'pending' && step.pause && step.dueAt > pacedAt ? step.dueAt : pacedAt;
    const written = await store.finishAttempt(lease, delivery.id, { number, outcome: outcome.outcome, reason }, settle(step), { nextAllowedAt, off }, now);
    metrics.attempted(lease.kind, outcome.outcome);
    const fields = { delivery: delivery.id, destination: lease.destinationId, kind: lease.kind, attempt: number, outcome: outcome.outcome, reason, next: step.status };
    if (outcome.outcome === 'sent') log.info(fields, 'delivered');
    else if (outcome.outcome === 'rejected') log.error({ ...fields, remedy: outcome.remedy }, 'delivery rejected');
    else log.warn(fields, 'delivery not confirmed');
    return written ? off === null : fencedOff(lease);
  }

  function fencedOff(lease: Lease): false {
    log.warn({ destination: lease.destinationId }, 'another process has taken this destination over');
    return false;
  }
}

function switchOff({ reason, remedy, scope }: Extract<SendOutcome, { outcome: 'rejected' }>): SwitchOff {
  return { scope: scope === 'installation' ? 'installation' : 'destination', reason: `${reason}. ${remedy}` };
}

function settle(step: NextStep): Settlement {
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
