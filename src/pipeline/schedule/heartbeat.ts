import type { Clock } from '../../ports/clock.ts';
import type { Beat } from '../../ports/outbound/heartbeat.ts';
import type { Log } from '../../ports/log.ts';
import type { Sweep } from './sweep.ts';

const EVERY_MS = 60_000;
/** The interval while there is a problem, so that the monitor soon sees the recovery. */
const LOOK_AGAIN_MS = 5_000;
/** The sweep runs every 3 s. Ten missed runs mean that the database does not answer or the process hangs. */
const SWEPT_WITHIN_MS = 30_000;
/**
 * A delivery due for longer than this is sent neither by the queue nor by the sweep. An outage of the platform does not count: its
 * deliveries have later due times.
 */
const STUCK_AFTER_MS = 15 * 60_000;

/**
 * Creates the heartbeat, which calls an external monitor once a minute while the database answers the sweep and due deliveries are
 * sent. Otherwise it does not call, which makes the monitor raise an alarm.
 */
export function createHeartbeat(options: {
  readonly sweep: Pick<Sweep, 'lastPass'>;
  readonly beat: Beat;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The interval while there is a problem, in milliseconds. */
  readonly lookAgainMs?: number | undefined;
}): { run(): Promise<void> } {
  const { sweep, beat, clock, log, signal, lookAgainMs = LOOK_AGAIN_MS } = options;
  let paused = false;
  let failing = false;

  return {
    async run() {
      while (!signal.aborted) {
        const isWell = look();
        if (isWell) await call();
        await clock.sleep(isWell ? EVERY_MS : lookAgainMs, signal);
      }
    },
  };

  function look(): boolean {
    const pass = sweep.lastPass();
    // The sweep has not completed yet.
    if (pass === null) return false;
    const sweptAgoMs = clock.now().getTime() - pass.at.getTime();
    // If the clock was set back, the last sweep is in the future.
    const isWell = Math.abs(sweptAgoMs) <= SWEPT_WITHIN_MS && pass.oldestDueMs <= STUCK_AFTER_MS;
    if (!isWell && !paused)
      log.error({ sweptAgoMs, oldestDueMs: pass.oldestDueMs }, 'heartbeat paused: database not answering or deliveries stuck');
    if (isWell && paused) log.info({}, 'heartbeat resumed');
    paused = !isWell;
    return isWell;
  }

  async function call(): Promise<void> {
    const why = await beat();
    if (why !== null && !failing && !signal.aborted)
      log.warn({ why }, 'heartbeat failed: HEARTBEAT_URL not reached, retrying every minute');
    if (why === null && failing) log.info({}, 'heartbeat reached HEARTBEAT_URL again');
    failing = why !== null;
  }
}
