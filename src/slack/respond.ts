import { err, ok, type Result } from '../core/result.ts';
import { whyOf } from './observed-fetch.ts';
import type { SlackView } from './views/message.ts';

const TIMEOUT_MS = 5000;

/** Hands an answer to the person who asked. The reason of a failure never holds the address, which is a secret of its own. */
export type Respond = (responseUrl: string, view: SlackView) => Promise<Result<void, string>>;

/**
 * Posts to a `response_url` so that only the asker sees it, with one more try when Slack or the network fails
 * (docs.slack.dev/interactivity/handling-user-interaction: five uses within 30 minutes).
 */
export const respondEphemerally: Respond = async (responseUrl, view) => {
  const first = await post(responseUrl, view);
  if (first.ok || !first.error.again) return first.ok ? first : err(first.error.reason);
  const second = await post(responseUrl, view);
  return second.ok ? second : err(second.error.reason);
};

async function post(responseUrl: string, view: SlackView): Promise<Result<void, { reason: string; again: boolean }>> {
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', ...view }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Read to the end, or the connection could not be used again.
    await response.arrayBuffer();
    return response.ok ? ok(undefined) : err({ reason: `HTTP ${String(response.status)}`, again: response.status >= 500 });
  } catch (error) {
    return err({ reason: whyOf(error), again: true });
  }
}
