import { setTimeout as wait } from 'node:timers/promises';
import type { Running } from './probe.ts';

const SOONEST_MS = 250;
const LATEST_MS = 5_000;
/** How long a release waits for an attempt that is under way, so that it leaves no server behind. */
const RELEASE_WITHIN_MS = 5_000;

/**
 * Holds the connection to a server. Others see by it that the server is in use and do not stop it; we learn by its end
 * that the server died (out of memory, `kill -9`, a full disk) and bring it up again, at the same URL or not at all.
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
