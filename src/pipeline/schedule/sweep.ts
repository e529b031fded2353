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

/** The longest time that a lost wake goes unnoticed. */
const SWEEP_EVERY_MS = 5_000;
/** Work that is still due this long after its wake runs here: the queue may be down, but alerts must be sent. */
const QUEUE_GRACE_MS = 8_000;
/** Senders retry for days at most, so older event ids are not needed. */
const FORGET_EVENTS_AFTER_MS = 30 * 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
const SOONEST_MS = 50;
/** A sweep waits this long for its timers. A wave of them goes on beside the next sweeps, so that it keeps no delivery waiting. */
const TIMERS_SHARE_MS = 1_000;
/** A round of timers that takes longer is a fault, and a sweep beside it does not count as complete. */
const TIMERS_STUCK_MS = 30_000;

/** A kind of work with due times in PostgreSQL and wakes through the queue. */
export type DueWork = {
  readonly kind: WakeKind;
  waiting(): Promise<readonly { readonly id: string; readonly readyAt: Date }[]>;
  wake(id: string): void;
  /** Runs the work in this process. */
  run(id: string): Promise<void>;
};

export type Sweep = {
  /** Runs until the signal aborts. */
  run(): Promise<void>;
  /** Sweeps again now, because work remains for later. */
  nudge(): void;
  /** The time of the last complete sweep, and how long the oldest delivery had been due then; null before the first. */
  lastPass(): { readonly at: Date; readonly oldestDueMs: number } | null;
};

/**
 * Creates the sweep, an in-process timer that asks PostgreSQL for due work, runs due timers and wakes the rest. Timers and other work do
 * not wait for each other. Several processes may sweep concurrently; what they wake is claimed once.
 */
export function createSweep(options: {
  readonly store: Pick<IngestStore, 'forgetEvents'> &
    Pick<TimerStore, 'nextTimerAt'> &
    ClockStore & { readonly audit: Pick<AuditStore, 'forget'> };
  readonly runDueTimers: RunDueTimers;
  readonly works: readonly DueWork[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  /** In milliseconds, like all times here. */
  readonly sweepEveryMs?: number | undefined;
  readonly queueGraceMs?: number | undefined;
}): Sweep {
  const { store, runDueTimers, works, clock, log, metrics, signal, sweepEveryMs = SWEEP_EVERY_MS, queueGraceMs = QUEUE_GRACE_MS } = options;
  let nap = new AbortController();
  let forgetAt = 0;
  let failing = false;
  let timersFail = false;
  let timers: { readonly run: Promise<void>; readonly since: number } | null = null;
  let lastPass: ReturnType<Sweep['lastPass']> = null;

  return {
    nudge: () => nap.abort(),
    lastPass: () => lastPass,
    async run() {
      while (!signal.aborted) {
        nap = new AbortController();
        let waitMs = sweepEveryMs;
        try {
          waitMs = await sweepOnce();
          if (failing && !timersFail) {
            log.info({}, 'sweep recovered');
            failing = false;
          }
        } catch (error) {
          fail(error);
        }
        await clock.sleep(waitMs, signal, nap.signal);
      }
      await timers?.run;
    },
  };

  /** Logs the first failure of several. */
  function fail(error: unknown): void {
    if (!failing) log.error({ error, retryEveryMs: sweepEveryMs }, 'sweep failed, retrying');
    failing = true;
  }

  /** Runs the due timers, unless they are running. The returned promise is not rejected: a failure is logged. */
  function startTimers(): { readonly run: Promise<void>; readonly since: number } {
    const run = async (): Promise<void> => {
      try {
        await runDueTimers();
        timersFail = false;
      } catch (error) {
        timersFail = true;
        fail(error);
      } finally {
        timers = null;
      }
    };
    timers ??= { run: run(), since: clock.now().getTime() };
    return timers;
  }

  /**
   * Sweeps once.
   *
   * @returns the milliseconds until the next due time, at most the usual interval
   */
  async function sweepOnce(): Promise<number> {
    await store.mendInstants(clock.now());
    const running = startTimers();
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
        else void work.run(id).catch((error: unknown) => log.error({ error, id, kind: work.kind }, 'due work failed'));
      }
    }
    // A clock that was set back does not delay this.
    if (now >= forgetAt || forgetAt > now + FORGET_EVERY_MS) {
      forgetAt = now + FORGET_EVERY_MS;
      await store.forgetEvents(new Date(now - FORGET_EVENTS_AFTER_MS));
      await store.audit.forget(new Date(now - AUDIT_KEPT_MS));
    }
    const waited = new AbortController();
    const share = clock.sleep(TIMERS_SHARE_MS, signal, waited.signal);
    await Promise.race([running.run, share]);
    waited.abort();
    const nextTimerAt = await store.nextTimerAt();
    const isStuck = timers !== null && Math.abs(now - timers.since) > TIMERS_STUCK_MS;
    if (!timersFail && !isStuck) lastPass = { at: new Date(now), oldestDueMs };
    if (timersFail) return sweepEveryMs;
    // A timer that is still due is in the hands of this or another process.
    const nextTimerMs = (nextTimerAt?.getTime() ?? Infinity) - now;
    const soonest = Math.min(nextTimerMs <= 0 ? TIMERS_SHARE_MS : nextTimerMs, ...later);
    return Math.min(sweepEveryMs, Math.max(SOONEST_MS, soonest));
  }
}
