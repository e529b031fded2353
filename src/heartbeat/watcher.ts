import { whyOf } from '../outbound/request.ts';
import type { Beat } from '../ports/heartbeat.ts';

const ANSWER_WITHIN_MS = 5_000;

/**
 * A dead man's switch such as healthchecks.io: it raises the alarm when nobody has called its URL for a while. The URL is
 * a secret, for whoever knows it can keep the alarm quiet.
 */
export function createWatcher(url: string): Beat {
  return async () => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
      await response.body?.cancel();
      return response.ok ? null : `HTTP ${String(response.status)}`;
    } catch (error) {
      return whyOf(error);
    }
  };
}
