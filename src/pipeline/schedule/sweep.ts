import type { Clock } from '../../ports/clock.ts';
import { AUDIT_KEPT_MS } from '../../core/audit/audit.ts';
import { MAILS_KEPT_MS } from '../../core/meters/mail.ts';
import type { AuditStore } from '../../ports/stores/audit-store.ts';
import type { ClockStore } from '../../ports/stores/clock-store.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { IngestStore } from '../../ports/stores/ingest-store.ts';
import type { MailStore } from '../../ports/stores/mail-store.ts';
import type { TimerStore } from '../../ports/stores/timer-store.ts';
import type { WakeKind } from '../../ports/outbound/queue.ts';
import type { RunDueTimers } from './run-due-timers.ts';

/** The longest time that a lost wake goes unnoticed. Shorter than the lease of a destination, so that the end of a lease is noticed at once. */
const SWEEP_EVERY_MS = 3_000;
/** Work that is still due this long after its wake runs here: the queue may be down, but alerts must be sent. */
const QUEUE_GRACE_MS = 8_000;
/** Senders retry for days at most, so older event ids are not needed. */
const FORGET_EVENTS_AFTER_MS = 30 * 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
/** The least time between two sweeps. Many deliveries that become due one after the other are woken together, at this small delay. */
const SOONEST_MS = 200;
/** A sweep waits this long for its timers. A wave of them goes on beside the next sweeps, so that it keeps no delivery waiting. */
const TIMERS_SHARE_MS = 100;
/** A timer that is still due after a sweep belongs to this or another process, which may fail. */
const TIMERS_AGAIN_MS = 1_000;
/** A round of timers that takes longer is a fault, and a sweep beside it does not count as complete. */
const TIMERS_STUCK_MS = 30_000;

/** `isLate`: a sweep went on without them. */
type RunningTimers = { readonly run: Promise<void>; readonly since: number; isLate: boolean };

/** A kind of work with due times in PostgreSQL and wakes through the queue. */
export type DueWork = {
  readonly kind: WakeKind;
  /**
   * `isAbandoned`: the process that worked on it has died, and the queue would wait until it notices that and only then pass on a wake of
   * the same work.
   */
  waiting(): Promise<readonly { readonly id: string; readonly readyAt: Date; readonly isAbandoned?: boolean }[]>;
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
    ClockStore & { readonly audit: Pick<AuditStore, 'forget'>; readonly mails: Pick<MailStore, 'forget'> };
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
  let timers: RunningTimers | null = null;
  let lastPass: ReturnType<Sweep['lastPass']> = null;
  /** What was woken and is still due, by kind and id: since when it is due, and when it was woken. */
  let woken = new Map<string, { readonly readyAt: number; readonly at: number }>();

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
        // However often it is nudged: each drain of many that fail nudges it.
        await clock.sleep(Math.min(waitMs, SOONEST_MS), signal);
        if (waitMs > SOONEST_MS) await clock.sleep(waitMs - SOONEST_MS, signal, nap.signal);
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
  function startTimers(): RunningTimers {
    const run = async (): Promise<void> => {
      try {
        await runDueTimers();
        timersFail = false;
      } catch (error) {
        timersFail = true;
        fail(error);
      } finally {
        // The sweeps beside it could not see when the next ones are due.
        if (timers?.isLate) nap.abort();
        timers = null;
      }
    };
    timers ??= { run: run(), since: clock.now().getTime(), isLate: false };
    return timers;
  }

  /**
   * Wakes due work, but not in each of the sweeps that follow shortly upon each other: a wake costs several times as much as a look, and
   * makes the work run once more.
   */
  function wakeOnce(
    work: DueWork,
    { id, readyAt }: { readonly id: string; readonly readyAt: number },
    now: number,
    stillDue: typeof woken,
  ) {
    const key = `${work.kind} ${id}`;
    const before = woken.get(key);
    const isWoken = before?.readyAt === readyAt && Math.abs(now - before.at) < sweepEveryMs;
    if (!isWoken) work.wake(id);
    stillDue.set(key, isWoken ? before : { readyAt, at: now });
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
    const stillDue: typeof woken = new Map();
    let oldestDueMs = 0;
    for (const work of works) {
      const waiting = (await work.waiting()).map(({ id, readyAt, isAbandoned }) => ({
        id,
        dueForMs: now - readyAt.getTime(),
        isAbandoned,
      }));
      if (work.kind === 'drain') {
        oldestDueMs = Math.max(0, ...waiting.map(({ dueForMs }) => dueForMs));
        metrics.sweepLag(oldestDueMs);
      }
      for (const { id, dueForMs, isAbandoned } of waiting) {
        if (dueForMs < 0) later.push(-dueForMs);
        else if (dueForMs < queueGraceMs && !isAbandoned) wakeOnce(work, { id, readyAt: now - dueForMs }, now, stillDue);
        else void work.run(id).catch((error: unknown) => log.error({ error, id, kind: work.kind }, 'due work failed'));
      }
    }
    woken = stillDue;
    // A clock that was set back does not delay this.
    if (now >= forgetAt || forgetAt > now + FORGET_EVERY_MS) {
      forgetAt = now + FORGET_EVERY_MS;
      await store.forgetEvents(new Date(now - FORGET_EVENTS_AFTER_MS));
      await store.mails.forget(new Date(now - MAILS_KEPT_MS));
      await store.audit.forget(new Date(now - AUDIT_KEPT_MS));
    }
    const waited = new AbortController();
    const share = clock.sleep(TIMERS_SHARE_MS, signal, waited.signal);
    await Promise.race([running.run, share]);
    waited.abort();
    if (timers !== null) timers.isLate = true;
    const nextTimerAt = await store.nextTimerAt();
    const isStuck = timers !== null && Math.abs(now - timers.since) > TIMERS_STUCK_MS;
    if (!timersFail && !isStuck) lastPass = { at: new Date(now), oldestDueMs };
    if (timersFail) return sweepEveryMs;
    const nextTimerMs = (nextTimerAt?.getTime() ?? Infinity) - now;
    const soonest = Math.min(nextTimerMs <= 0 ? TIMERS_AGAIN_MS : nextTimerMs, ...later);
    return Math.min(sweepEveryMs, Math.max(SOONEST_MS, soonest));
  }
}
