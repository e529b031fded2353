import { z } from 'zod';
import type { Reply } from '../../ports/inbound/chat.ts';
import type { Message } from '../../core/text/message.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ChartSupport } from './chart-support.ts';
import { request, whyOf } from '../../outbound/http-client.ts';
import { isWebPage, WEB_PAGE } from '../../outbound/web-page.ts';
import { slackView } from '../views/message.ts';

const TIMEOUT_MS = 5000;

/** Hands an answer to the person who asked. The reason of a failure never holds the address, which is a secret of its own. */
export type Respond = (responseUrl: string, message: Message, to: Audience) => Promise<Result<void, string>>;

type Audience = Extract<Reply, { kind: 'message' }>['to'];
type Refusal = { readonly reason: string; readonly again: boolean };

/**
 * Posts to a `response_url`, for the asker alone or for everybody there, with one more try when Slack or the network fails,
 * or when the workspace takes no charts (docs.slack.dev/interactivity/handling-user-interaction: five uses within 30 minutes).
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

/** The code of a refusal: in JSON, with HTTP 200 as well, or bare with another status. */
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
      // A redirect comes from somebody in between: Slack sends nobody elsewhere.
      again: status >= 500 || status < 400,
      unreadable: code === 'invalid_blocks',
    });
  } catch (error) {
    return err({ reason: whyOf(error), again: true, unreadable: false });
  }
}
