import { request, whyOf } from './http-client.ts';
import type { Beat } from '../ports/outbound/heartbeat.ts';

const ANSWER_WITHIN_MS = 5_000;

/**
 * A dead man's switch such as healthchecks.io: it raises the alarm when nobody has called its URL for a while. The URL is
 * a secret, for whoever knows it can keep the alarm quiet.
 */
export function createHeartbeatSender(url: string): Beat {
  return async () => {
    try {
      const { status } = await request(url, { method: 'GET', withinMs: ANSWER_WITHIN_MS });
      return status >= 200 && status < 300 ? null : `HTTP ${String(status)}`;
    } catch (error) {
      return whyOf(error);
    }
  };
}
