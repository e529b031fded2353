import type { Retention } from '../../core/meters/retention.ts';
import { DAY_MS } from '../../core/time/local-time.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { BEGINNING, MOST_METERS, type Cursor, type Part, type RetentionStore } from '../../ports/stores/retention-store.ts';

/** A start has more urgent work first. */
const FIRST_AFTER_MS = 5 * 60_000;
const ROUND_EVERY_MS = 10 * 60_000;
const AGAIN_AFTER_FAILURE_MS = 60_000;
/** After each part, the database rests for at least this long, and for at least three times as long as the part took. */
const REST_MS = 50;
const REST_FACTOR = 3;
/** Unless the clock was set forward meanwhile. */
const LONGEST_REST_MS = 5_000;
/** What is thinned is read at midnight, so a walk through the other tables once a day is enough. */
const WALK_EVERY_MS = DAY_MS;
const FEW_METERS = 10;
const HOUR_MS = 60 * 60_000;
/**
 * Readings of one hour lie side by side in the table. Thinning all meters hour by hour changes each block of the table in a short time;
 * thinning them day by day, a block is changed again after each checkpoint, and each time PostgreSQL writes it to its log as a whole.
 * Where readings are rare, an hour has too few.
 */
const [SHORTEST_SPAN_MS, LONGEST_SPAN_MS] = [HOUR_MS, 32 * DAY_MS];

/**
 * Creates the background work that thins old readings and deletes what is older than it is kept, in small parts. Several processes may run
 * it: a part is skipped while another process runs one, and an interrupted part leaves nothing behind.
 */
export function createRetention(options: {
  readonly store: RetentionStore;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** In milliseconds, after the start. */
  readonly firstAfterMs?: number | undefined;
}): { run(): Promise<void>; runRound(): Promise<void> } {
  const { store, retention, clock, log, signal, firstAfterMs = FIRST_AFTER_MS } = options;
  const { allReadingsMs, dailyReadingsMs, deliveriesMs } = retention;
  let [meters, spanMs] = [FEW_METERS, DAY_MS];
  let walkedAt: number | null = null;

  return {
    /** Runs a round every ten minutes until the signal aborts. */
    async run() {
      let failing = false;
      await clock.sleep(firstAfterMs, signal);
      while (!signal.aborted) {
        try {
          await runRound();
          if (failing) log.info({}, 'retention recovered');
          failing = false;
        } catch (error) {
          if (!failing) log.error({ error, retryEveryMs: AGAIN_AFTER_FAILURE_MS }, 'retention failed, retrying');
          failing = true;
        }
        await clock.sleep(failing ? AGAIN_AFTER_FAILURE_MS : ROUND_EVERY_MS, signal);
      }
    },
    runRound,
  };

  /** Removes all that is older than it is kept now. */
  async function runRound(): Promise<void> {
    const now = clock.now().getTime();
    const readings = allReadingsMs === null ? 0 : await thin(new Date(now - allReadingsMs));
    if (readings > 0) log.info({ readings }, 'old readings thinned');
    // A clock that was set back does not delay this.
    if (walkedAt !== null && now >= walkedAt && now < walkedAt + WALK_EVERY_MS) return;
    const removed = {
      readings: await walk(dailyReadingsMs, now, (olderThan, from) => store.deleteReadings(olderThan, from)),
      deliveries: await walk(deliveriesMs, now, (olderThan, from) => store.deleteDeliveries(olderThan, from)),
      alerts: await walk(dailyReadingsMs, now, (olderThan, from) => store.deleteAlerts(olderThan, from)),
    };
    if (!signal.aborted) walkedAt = now;
    if (Object.values(removed).some((count) => count > 0)) log.info(removed, 'old data deleted');
  }

  async function thin(olderThan: Date): Promise<number> {
    let removed = 0;
    while (!signal.aborted) {
      const part = await withRest(() => store.thin(olderThan, { meters, spanMs }));
      if (part === null) continue;
      if (!part.left) return removed;
      removed += part.removed;
      if (part.isCrowded && spanMs > SHORTEST_SPAN_MS) spanMs = Math.max(SHORTEST_SPAN_MS, spanMs / 2);
      else if (part.isCrowded) meters = Math.max(1, Math.floor(meters / 2));
      else if (part.isSparse && meters < MOST_METERS) meters = Math.min(MOST_METERS, meters * 2);
      else if (part.isSparse) spanMs = Math.min(LONGEST_SPAN_MS, spanMs * 2);
    }
    return removed;
  }

  async function walk(
    keptMs: number | null,
    now: number,
    remove: (olderThan: Date, from: Cursor) => Promise<Part | null>,
  ): Promise<number> {
    let removed = 0;
    let from: Cursor | null = keptMs === null ? null : BEGINNING;
    while (from !== null && !signal.aborted) {
      const begin: Cursor = from;
      const part = await withRest(() => remove(new Date(now - (keptMs ?? 0)), begin));
      if (part === null) continue;
      removed += part.removed;
      from = part.next;
    }
    return removed;
  }

  async function withRest<T>(work: () => Promise<T>): Promise<T> {
    const began = clock.now().getTime();
    const result = await work();
    const tookMs = Math.max(0, clock.now().getTime() - began);
    await clock.sleep(Math.min(LONGEST_REST_MS, Math.max(REST_MS, REST_FACTOR * tookMs)), signal);
    return result;
  }
}
