import type { FindOutcome, SendOutcome } from '../../core/notifications/delivery.ts';
import { request, RequestFailed, whyOf } from '../../outbound/http-client.ts';
import { isWebPage } from '../../outbound/web-page.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FindRequest, Messenger, SendRequest } from '../../ports/outbound/messenger.ts';
import { CARD } from '../views/activity.ts';
import { workflowCard, WORKFLOW_BYTES } from './card.ts';
import { WORKFLOW } from './traits.ts';
import { callFailureText } from '../../messages/platforms/call-failure.ts';
import { WORKFLOW_REASONS, WORKFLOW_REJECTIONS } from '../../messages/platforms/workflow-errors.ts';

const TIMEOUT_MS = 5000;
/** How long to wait before a message is sent again to a flow that did not answer. */
const OUTAGE_MS = 30_000;

const NAME = 'the flow';

/**
 * Creates the messenger for flows of Power Automate ("Post to a channel when a webhook request is received"), for organizations that allow
 * no bots. A flow answers when it starts, not when the message is posted: `sent` means accepted, and later failures are only in the history
 * of the flow. A posted message cannot be edited, replied to or looked up.
 *
 * @param urlOf returns the secret URL of an address, or null if creditwatch.yml no longer contains it
 */
export function createWorkflowMessenger({
  urlOf,
  timeZone,
  clock,
}: {
  readonly urlOf: (address: string) => string | null;
  readonly timeZone: string;
  readonly clock: Clock;
}): Messenger {
  async function send(request: SendRequest): Promise<SendOutcome> {
    const url = urlOf(request.address);
    if (url === null) return { outcome: 'rejected', scope: 'destination', code: 'not-named', ...WORKFLOW_REJECTIONS['not-named'] };
    const first = await post(url, request, WORKFLOW_BYTES);
    return first === 'too-large' ? outcomeOf(await post(url, request, WORKFLOW_BYTES / 3)) : outcomeOf(first);
  }

  async function post(
    url: string,
    { message, severity, possibleDuplicate, deliveryId, mayWrite }: SendRequest,
    room: number,
  ): Promise<SendOutcome | 'too-large'> {
    const content = workflowCard(message, { timeZone, now: clock.now(), names: new Map(), severity, possibleDuplicate, room });
    try {
      const { status, headers, text } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ type: 'message', attachments: [{ contentType: CARD, contentUrl: null, content }] }),
        withinMs: TIMEOUT_MS,
        mayWrite,
      });
      return classify(status, headers.get('retry-after') ?? null, text, deliveryId);
    } catch (error) {
      if (error instanceof RequestFailed && !error.written)
        return { outcome: 'retry', reason: callFailureText(NAME, { kind: 'unreachable', why: error.why }) };
      return { outcome: 'unknown', reason: callFailureText(NAME, { kind: 'no-answer', why: whyOf(error) }) };
    }
  }

  /** A flow cannot be asked, because each call may start it. So a wait replaces the lookup. */
  function find({ doubtedAt }: FindRequest): Promise<FindOutcome> {
    const agoMs = clock.now().getTime() - doubtedAt.getTime();
    // If the clock was set back, this must not wait longer.
    const leftMs = agoMs < 0 ? 0 : OUTAGE_MS - agoMs;
    return Promise.resolve(
      leftMs > 0
        ? { found: 'no-answer', reason: WORKFLOW_REASONS.waiting, afterMs: leftMs }
        : { found: 'unavailable', reason: WORKFLOW_REASONS.cannotLookUp },
    );
  }

  return { kind: WORKFLOW.id, paceMs: WORKFLOW.paceMs, can: WORKFLOW.can, send, find };
}

function outcomeOf(outcome: SendOutcome | 'too-large'): SendOutcome {
  return outcome === 'too-large' ? rejected('message', 'too-large', 413) : outcome;
}

function rejected(scope: 'message' | 'destination', code: keyof typeof WORKFLOW_REJECTIONS, status: number): SendOutcome {
  const { reason, remedy } = WORKFLOW_REJECTIONS[code];
  return { outcome: 'rejected', scope, code, reason: `${reason} (HTTP ${String(status)})`, remedy };
}

/**
 * Older webhooks answer 200, with the status of Teams in the text (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors).
 */
const STATUS_IN_TEXT = /returned HTTP error (\d{3})/;

function classify(answered: number, retryAfter: string | null, said: string, deliveryId: string): SendOutcome | 'too-large' {
  const status = Number(STATUS_IN_TEXT.exec(said)?.[1] ?? answered);
  if (status === 407) return { outcome: 'retry', reason: callFailureText(NAME, { kind: 'proxy-needs-credentials', status }) };
  if (status >= 200 && status < 300)
    return isWebPage(said) ? { outcome: 'unknown', reason: WORKFLOW_REASONS.otherAnswer } : { outcome: 'sent', messageRef: deliveryId };
  if (status === 413) return 'too-large';
  if (status === 429 || status === 412)
    return {
      outcome: 'retry',
      reason: callFailureText(NAME, { kind: 'slow-down', status }),
      ...(retryAfter !== null && /^\d{1,6}$/.test(retryAfter) && { afterMs: Number(retryAfter) * 1000 }),
    };
  if (status >= 500 || status < 400) return { outcome: 'unknown', reason: callFailureText(NAME, { kind: 'status', status }) };
  if (status === 400) return rejected('message', 'message-faulty', status);
  if (![401, 403, 404, 410].includes(status))
    return {
      outcome: 'retry',
      reason: callFailureText(NAME, { kind: 'unknown-code', details: `HTTP ${String(status)}` }),
      unfamiliar: true,
    };
  return rejected('destination', status === 404 || status === 410 ? 'gone' : 'url-rejected', status);
}
