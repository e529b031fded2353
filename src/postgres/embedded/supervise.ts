import { setTimeout as wait } from 'node:timers/promises';
import type { Running } from './probe.ts';

const SOONEST_MS = 250;
const LATEST_MS = 5_000;
/** How long a release waits for a running attempt, so that no server is left behind. */
const RELEASE_WITHIN_MS = 5_000;

/**
 * Holds a connection to the server. It shows other processes that the server is in use, so that they do not stop it. Its end shows
 * that the server died (out of memory, `kill -9`, full disk); then the server is restarted at the same URL or not at all.
 */
export function supervise(first: Running, bringUp: () => Promise<Running | null>): { release(): Promise<void> } {
  const released = new AbortController();
  let held: Running | null = null;
  let reviving = Promise.resolve();

  const hold = (running: Running): void => {
    held = running;
    running.client.once('end', () => {
      held = null;
      if (!released.signal.aborted) reviving = revive();
    });
  };

  async function revive(): Promise<void> {
    for (let pauseMs = SOONEST_MS; !released.signal.aborted; pauseMs = Math.min(pauseMs * 2, LATEST_MS)) {
      const running = await bringUp().catch(() => null);
      if (running !== null && running.url === first.url && !released.signal.aborted) return hold(running);
      running?.socket.ref();
      await running?.client.end().catch(() => {});
      await pause(pauseMs);
    }
  }

  async function pause(ms: number): Promise<void> {
    await wait(ms, undefined, { ref: false, signal: released.signal }).catch(() => {});
  }

  hold(first);
  return {
    async release() {
      released.abort();
      await Promise.race([reviving, wait(RELEASE_WITHIN_MS, undefined, { ref: false })]);
      held?.socket.ref();
      await held?.client.end().catch(() => {});
    },
  };
}
