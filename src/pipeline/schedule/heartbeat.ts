import type { Clock } from '../../ports/clock.ts';
import type { Beat } from '../../ports/outbound/heartbeat.ts';
import type { Log } from '../../ports/log.ts';
import type { Sweep } from './sweep.ts';

const EVERY_MS = 60_000;
/** While something is wrong it looks more often, so that the watcher hears soon that it is over. */
const LOOK_AGAIN_MS = 5_000;
/** The sweep comes by every 5 s: six of them missed is a database that does not answer, or a process that hangs. */
const SWEPT_WITHIN_MS = 30_000;
/** What has been due for so long goes out neither by the queue nor by the sweep. A platform that is away is no such case: its deliveries are due later. */
const STUCK_AFTER_MS = 15 * 60_000;

/**
 * Calls a watcher once a minute as long as the database answers the sweep and what is due goes out. When not, it is silent:
 * that is what makes the watcher raise the alarm.
 */
export function createHeartbeat(options: {
  readonly sweep: Pick<Sweep, 'lastPass'>;
  readonly beat: Beat;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How soon it looks again while something is wrong, in milliseconds. */
  readonly lookAgainMs?: number | undefined;
}): { run(): Promise<void> } {
  const { sweep, beat, clock, log, signal, lookAgainMs = LOOK_AGAIN_MS } = options;
  let silent = false;
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
    // It has only just begun.
    if (pass === null) return false;
    const sweptAgoMs = clock.now().getTime() - pass.at.getTime();
    // By a clock that was set back since, it was in the future.
    const isWell = Math.abs(sweptAgoMs) <= SWEPT_WITHIN_MS && pass.oldestDueMs <= STUCK_AFTER_MS;
    if (!isWell && !silent)
      log.error({ sweptAgoMs, oldestDueMs: pass.oldestDueMs }, 'no heartbeat is sent until the database answers and what is due goes out');
    if (isWell && silent) log.info({}, 'the heartbeat goes on');
    silent = !isWell;
    return isWell;
  }

  async function call(): Promise<void> {
    const why = await beat();
    if (why !== null && !failing && !signal.aborted)
      log.warn({ why }, 'the heartbeat does not reach HEARTBEAT_URL; it goes on trying once a minute');
    if (why === null && failing) log.info({}, 'the heartbeat reaches HEARTBEAT_URL again');
    failing = why !== null;
  }
}
