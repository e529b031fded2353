/** When the first message about waiting is written, */
const SAID_AFTER_MS = 1_500;
/** and the longest pause until the next; pauses double from one to the other. */
const SAID_AGAIN_AFTER_MS = 30_000;
const SAID_AT_LEAST_EVERY_MS = 10 * 60_000;

/**
 * Reports the reason for waiting, less often the longer it lasts.
 *
 * @param say gets the error of the last attempt; null while the first attempt is still running
 */
export function reportWaiting(say: (error: unknown) => void): { because(error: unknown): void; stop(): void } {
  let why: unknown = null;
  let silentMs = SAID_AGAIN_AFTER_MS;
  let timer = setTimeout(speak, SAID_AFTER_MS);
  return {
    because: (reason) => (why = reason),
    stop: () => clearTimeout(timer),
  };

  function speak(): void {
    say(why);
    timer = setTimeout(speak, silentMs);
    silentMs = Math.min(2 * silentMs, SAID_AT_LEAST_EVERY_MS);
  }
}
