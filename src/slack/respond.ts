import type { Reply } from '../ports/answer.ts';
import { err, ok, type Result } from '../core/result.ts';
import { whyOf } from './observed-fetch.ts';
import type { SlackView } from './views/message.ts';

const TIMEOUT_MS = 5000;

/** Hands an answer to the person who asked. The reason of a failure never holds the address, which is a secret of its own. */
export type Respond = (responseUrl: string, view: SlackView, to: Audience) => Promise<Result<void, string>>;

type Audience = Extract<Reply, { kind: 'message' }>['to'];

/**
 * Posts to a `response_url`, for the asker alone or for everybody there, with one more try when Slack or the network fails
 * (docs.slack.dev/interactivity/handling-user-interaction: five uses within 30 minutes).
 */
export const respondWith: Respond = async (responseUrl, view, to) => {
  const body = { response_type: to === 'everybody' ? 'in_channel' : 'ephemeral', ...view };
  const first = await post(responseUrl, body);
  if (first.ok || !first.error.again) return first.ok ? first : err(first.error.reason);
  const second = await post(responseUrl, body);
  return second.ok ? second : err(second.error.reason);
};

async function post(responseUrl: string, body: SlackView & { readonly response_type: string }): Promise<Result<void, { reason: string; again: boolean }>> {
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Read to the end, or the connection could not be used again.
    await response.arrayBuffer();
    return response.ok ? ok(undefined) : err({ reason: `HTTP ${String(response.status)}`, again: response.status >= 500 });
  } catch (error) {
    return err({ reason: whyOf(error), again: true });
  }
}
