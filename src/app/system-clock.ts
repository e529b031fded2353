import { onAbort } from '../async/on-abort.ts';
import type { Clock } from '../ports/clock.ts';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep(ms, ...signals) {
    if (signals.some(({ aborted }) => aborted)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        for (const stop of stops) stop();
        resolve();
      };
      const timer = setTimeout(wake, ms);
      const stops = signals.map((signal) => onAbort(signal, wake));
    });
  },
};
