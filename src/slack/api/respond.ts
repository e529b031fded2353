import { z } from 'zod';
import type { Reply } from '../../ports/inbound/chat.ts';
import type { Message } from '../../core/text/message.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ChartSupport } from './chart-support.ts';
import { request, whyOf } from '../../outbound/http-client.ts';
import { isWebPage, WEB_PAGE } from '../../outbound/web-page.ts';
import { slackView } from '../views/message.ts';

const TIMEOUT_MS = 5000;

/** Sends a reply to a person. Never throws. The error is the reason, which does not contain the URL, because the URL is a secret. */
export type Respond = (responseUrl: string, message: Message, to: Audience) => Promise<Result<void, string>>;

type Audience = Extract<Reply, { kind: 'message' }>['to'];
type Refusal = { readonly reason: string; readonly again: boolean };

/**
 * Posts to a `response_url`, visible to the requester or to the whole channel. Tries once more if Slack or the network fails, or if the
 * workspace does not support charts (docs.slack.dev/interactivity/handling-user-interaction: 5 uses in 30 minutes).
 */
export function createRespond(charts: ChartSupport): Respond {
  return async (responseUrl, message, to) => {
    const first = await attempt(responseUrl, message, to);
    const last = first.ok || !first.error.again ? first : await attempt(responseUrl, message, to);
    return last.ok ? last : err(last.error.reason);
  };

  async function attempt(responseUrl: string, message: Message, to: Audience): Promise<Result<void, Refusal>> {
    const figuresAs = charts.figuresAs;
    const body = {
      response_type: to === 'everybody' ? 'in_channel' : 'ephemeral',
      replace_original: false,
      ...slackView(message, { figuresAs }),
    };
    const posted = await post(responseUrl, body);
    if (posted.ok || !posted.error.unreadable) return posted;
    return err({ reason: posted.error.reason, again: charts.refused(message, figuresAs) });
  }
}

const refusalSchema = z.object({ ok: z.literal(false), error: z.string().regex(/^\w{1,100}$/) });

const BARE_CODE = /^\w{1,100}$/;

/** Returns the error code of an answer: from its JSON, also with HTTP 200, or from a plain text with another status. */
function refusalIn(status: number, said: string): string | undefined {
  try {
    return refusalSchema.safeParse(JSON.parse(said)).data?.error;
  } catch {
    const isRefused = status < 200 || status >= 300;
    return isRefused && BARE_CODE.test(said.trim()) ? said.trim() : undefined;
  }
}

async function post(responseUrl: string, body: object): Promise<Result<void, Refusal & { readonly unreadable: boolean }>> {
  try {
    const { status, text: said } = await request(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      withinMs: TIMEOUT_MS,
    });
    if (isWebPage(said)) return err({ reason: WEB_PAGE, again: true, unreadable: false });
    const code = refusalIn(status, said);
    if (status >= 200 && status < 300 && code === undefined) return ok(undefined);
    return err({
      reason: code ?? `HTTP ${String(status)}`,
      // A redirect comes from a proxy. Slack does not redirect these calls.
      again: status >= 500 || status < 400,
      unreadable: code === 'invalid_blocks',
    });
  } catch (error) {
    return err({ reason: whyOf(error), again: true, unreadable: false });
  }
}
