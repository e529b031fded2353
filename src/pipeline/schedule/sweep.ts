import type { Clock } from '../../ports/clock.ts';
import { AUDIT_KEPT_MS } from '../../core/audit/audit.ts';
import type { AuditStore } from '../../ports/stores/audit-store.ts';
import type { ClockStore } from '../../ports/stores/clock-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { IngestStore } from '../../ports/stores/ingest-store.ts';
import type { TimerStore } from '../../ports/stores/timer-store.ts';
import type { WakeKind } from '../../ports/outbound/queue.ts';
import type { RunDueTimers } from './run-due-timers.ts';

/** How long a wake that the queue forgot can go unnoticed. */
const SWEEP_EVERY_MS = 5_000;
/** What is still due this long after it was woken is done here: the queue is away, the alert is not. */
const QUEUE_GRACE_MS = 8_000;
/** Senders retry for days at most; an event id older than this is not coming back. */
const FORGET_EVENTS_AFTER_MS = 30 * 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
const SOONEST_MS = 50;

/** A kind of work that has its due times in PostgreSQL and is woken through the queue. */
export type DueWork = {
  readonly kind: WakeKind;
  waiting(): Promise<readonly { readonly id: string; readonly readyAt: Date }[]>;
  wake(id: string): void;
  /** Does it here. */
  run(id: string): Promise<void>;
};

export type Sweep = {
  /** Runs until the signal aborts. */
  run(): Promise<void>;
  /** Looks again now: something was left for later. */
  nudge(): void;
  /** When it last got through, and for how long the oldest delivery had been due then; null before the first time. */
  lastPass(): { readonly at: Date; readonly oldestDueMs: number } | null;
};

/**
 * The plain in-process timer of the first law: asks PostgreSQL what is due, rings it or wakes its work. Several processes may sweep at
 * once; what they wake is claimed once.
 */
export function createSweep(options: {
  readonly store: IngestStore & TimerStore & ClockStore & { readonly audit: Pick<AuditStore, 'forget'> };
  readonly ring: RunDueTimers;
  readonly works: readonly DueWork[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  /** In milliseconds, as all times here. */
  readonly sweepEveryMs?: number | undefined;
  readonly queueGraceMs?: number | undefined;
}): Sweep {
  const { store, ring, works, clock, log, metrics, signal, sweepEveryMs = SWEEP_EVERY_MS, queueGraceMs = QUEUE_GRACE_MS } = options;
  let nap = new AbortController();
  let forgetAt = 0;
  let lastPass: ReturnType<Sweep['lastPass']> = null;

  return {
    nudge: () => nap.abort(),
    lastPass: () => lastPass,
    async run() {
      let failing = false;
      while (!signal.aborted) {
        nap = new AbortController();
        let waitMs = sweepEveryMs;
        try {
          waitMs = await sweepOnce();
          if (failing) log.info({}, 'the database answers the sweep again');
          failing = false;
        } catch (error) {
          if (!failing) log.error({ error }, 'the sweep could not read what is due; it tries again every 5 s');
          failing = true;
        }
        await clock.sleep(waitMs, AbortSignal.any([signal, nap.signal]));
      }
    },
  };

  /** @returns how long to wait: until something becomes due, at most the usual interval. */
  async function sweepOnce(): Promise<number> {
    await store.mendInstants(clock.now());
    await ring();
    const now = clock.now().getTime();
    const later: number[] = [];
    let oldestDueMs = 0;
    for (const work of works) {
      const waiting = (await work.waiting()).map(({ id, readyAt }) => ({ id, dueForMs: now - readyAt.getTime() }));
      if (work.kind === 'drain') {
        oldestDueMs = Math.max(0, ...waiting.map(({ dueForMs }) => dueForMs));
        metrics.sweepLag(oldestDueMs);
      }
      for (const { id, dueForMs } of waiting) {
        if (dueForMs < 0) later.push(-dueForMs);
        else if (dueForMs < queueGraceMs) work.wake(id);
        else void work.run(id).catch((error: unknown) => log.error({ error, id, kind: work.kind }, 'what was due failed in the sweep'));
      }
    }
    // A clock that was set back does not put it off.
    if (now >= forgetAt || forgetAt > now + FORGET_EVERY_MS) {
      forgetAt = now + FORGET_EVERY_MS;
      await store.forgetEvents(new Date(now - FORGET_EVENTS_AFTER_MS));
      await store.audit.forget(new Date(now - AUDIT_KEPT_MS));
    }
    const nextTimerAt = await store.nextTimerAt();
    lastPass = { at: new Date(now), oldestDueMs };
    const soonest = Math.min((nextTimerAt?.getTime() ?? Infinity) - now, ...later);
    return Math.min(sweepEveryMs, Math.max(SOONEST_MS, soonest));
  }
}
