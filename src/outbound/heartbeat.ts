import { request, whyOf } from './http-client.ts';
import type { Beat } from '../ports/outbound/heartbeat.ts';

const ANSWER_WITHIN_MS = 5_000;

/**
 * Returns a function that calls the URL of a dead man's switch such as healthchecks.io, which raises an alarm if the calls stop.
 * The URL is a secret: anyone who knows it can suppress the alarm.
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
