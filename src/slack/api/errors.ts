import { z } from 'zod';
import type { SendOutcome } from '../../core/notifications/delivery.ts';
import { errorName } from '../../core/error-name.ts';
import { callFailureText, type CallFailure } from '../../messages/platforms/call-failure.ts';
import { rejections, transient } from './error-codes.ts';

/**
 * The errors of the Web API client, by `code` (docs.slack.dev/tools/node-slack-sdk/web-api, "Handle errors"). `written` comes from our HTTP
 * client, `outbound/http-client.ts`.
 */
const failureSchema = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('slack_webapi_platform_error'),
    data: z.object({
      error: z.string(),
      needed: z.string().optional(),
      response_metadata: z.object({ messages: z.array(z.string()).optional(), retryAfter: z.number().nonnegative().optional() }).optional(),
    }),
  }),
  z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number().nonnegative() }),
  z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number(), headers: z.record(z.string(), z.string()) }),
  z.object({ code: z.literal('slack_webapi_request_error'), original: z.object({ written: z.boolean(), why: z.string() }) }),
]);
type Failure = z.infer<typeof failureSchema>;
type PlatformAnswer = Extract<Failure, { code: 'slack_webapi_platform_error' }>['data'];

/** The form of Slack's error codes. The HTML page of a proxy does not have it. */
const SLACK_CODE = /^[a-z0-9_]{1,80}$/;

/**
 * Returns the outcome of a failed chat.postMessage. Never throws.
 *
 * @param error the error that the Web API client threw
 */
export function classifyFailure(error: unknown): Exclude<SendOutcome, { outcome: 'sent' }> {
  const parsed = failureSchema.safeParse(error);
  // The answer is incomplete or has an unknown form. The message may have been posted.
  if (!parsed.success) return { outcome: 'unknown', reason: text({ kind: 'unreadable', why: errorName(error) }) };
  const failure = parsed.data;
  switch (failure.code) {
    case 'slack_webapi_rate_limited_error':
      return { outcome: 'retry', reason: text({ kind: 'slow-down', status: 429 }), afterMs: Math.ceil(failure.retryAfter * 1000) };
    case 'slack_webapi_http_error':
      // Any status except 200 and 429 comes from a proxy in front of Slack, which has not received the message.
      return {
        outcome: 'retry',
        reason: text({ kind: 'status', status: failure.statusCode }),
        ...afterMs(Number(failure.headers['retry-after'])),
      };
    case 'slack_webapi_request_error':
      return failure.original.written
        ? { outcome: 'unknown', reason: text({ kind: 'no-answer', why: failure.original.why }) }
        : { outcome: 'retry', reason: text({ kind: 'unreachable', why: failure.original.why }) };
    case 'slack_webapi_platform_error':
      return classifyAnswer(failure.data);
  }
}

/** Whether Slack itself rejected the call with a permanent code. Then Slack can be reached, and another try would get the same answer. */
export function isAnswered(error: unknown): boolean {
  const parsed = failureSchema.safeParse(error);
  if (!parsed.success || parsed.data.code !== 'slack_webapi_platform_error') return false;
  return SLACK_CODE.test(parsed.data.data.error) && !transient.has(parsed.data.data.error);
}

/** Whether Slack rejected the blocks of a message. Only then may another form of the same message help. */
export function areUnreadableBlocks(error: unknown): boolean {
  const parsed = failureSchema.safeParse(error);
  return parsed.success && parsed.data.code === 'slack_webapi_platform_error' && UNREADABLE.has(parsed.data.data.error);
}

/** Whether Slack rejected the call because the app was installed without the required scope. */
export function isMissingScope(error: unknown): boolean {
  const parsed = failureSchema.safeParse(error);
  return parsed.success && parsed.data.code === 'slack_webapi_platform_error' && parsed.data.data.error === 'missing_scope';
}

const UNREADABLE: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_blocks_format']);

function classifyAnswer(answer: PlatformAnswer): Exclude<SendOutcome, { outcome: 'sent' }> {
  const code = answer.error;
  if (!SLACK_CODE.test(code)) return { outcome: 'unknown', reason: text({ kind: 'not-json' }) };
  const passing = transient.get(code);
  if (passing?.outcome === 'unknown') return { outcome: 'unknown', reason: `${passing.reason} (${code})` };
  if (passing?.outcome === 'retry')
    return { outcome: 'retry', reason: `${passing.reason} (${code})`, ...afterMs(answer.response_metadata?.retryAfter) };
  const known = rejections.get(code);
  if (known) return { outcome: 'rejected', ...known, reason: `${known.reason} (${detailsOf(answer)})` };
  // Slack adds codes. The meaning of this one is unknown, which is no reason to give up an alert.
  return {
    outcome: 'retry',
    reason: text({ kind: 'unknown-code', details: detailsOf(answer) }),
    unfamiliar: true,
  };
}

function detailsOf(answer: PlatformAnswer): string {
  return [
    answer.error,
    ...(answer.needed === undefined ? [] : [`needs ${answer.needed}`]),
    ...(answer.response_metadata?.messages ?? []),
  ].join('; ');
}

function afterMs(seconds: number | undefined): { afterMs?: number } {
  return seconds === undefined || !Number.isFinite(seconds) || seconds < 0 ? {} : { afterMs: Math.ceil(seconds * 1000) };
}

function text(failure: CallFailure): string {
  return callFailureText('Slack', failure);
}
