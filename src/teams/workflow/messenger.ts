import { REPORT_FAULT, type FindOutcome, type SendOutcome } from '../../core/notifications/delivery.ts';
import { request, RequestFailed, whyOf } from '../../outbound/http-client.ts';
import { isWebPage } from '../../outbound/web-page.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FindRequest, Messenger, SendRequest } from '../../ports/outbound/messenger.ts';
import { CARD } from '../views/activity.ts';
import { workflowCard, WORKFLOW_BYTES } from './card.ts';
import { WORKFLOW } from './traits.ts';

const TIMEOUT_MS = 5000;
/** How long to wait before a message is sent again to a flow that did not answer. */
const OUTAGE_MS = 30_000;

const NEW_URL = 'Open the flow in Teams under Workflows, copy its URL anew into creditwatch.yml, and restart.';

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
    if (url === null)
      return {
        outcome: 'rejected',
        scope: 'destination',
        reason: 'creditwatch.yml does not name that flow any more',
        remedy: 'Restart, or put the route back.',
      };
    const first = await post(url, request, WORKFLOW_BYTES);
    return first === 'too large' ? outcomeOf(await post(url, request, WORKFLOW_BYTES / 3)) : outcomeOf(first);
  }

  async function post(
    url: string,
    { message, severity, possibleDuplicate, deliveryId, mayWrite }: SendRequest,
    room: number,
  ): Promise<SendOutcome | 'too large'> {
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
        return { outcome: 'retry', reason: `The flow could not be reached (${error.why})` };
      return { outcome: 'unknown', reason: `No answer came from the flow (${whyOf(error)})` };
    }
  }

  /** A flow cannot be asked, because each call may start it. So a wait replaces the lookup. */
  function find({ doubtedAt }: FindRequest): Promise<FindOutcome> {
    const agoMs = clock.now().getTime() - doubtedAt.getTime();
    // If the clock was set back, this must not wait longer.
    const leftMs = agoMs < 0 ? 0 : OUTAGE_MS - agoMs;
    return Promise.resolve(
      leftMs > 0
        ? { found: 'no-answer', reason: 'A flow cannot be asked: it gets 30 s to recover', afterMs: leftMs }
        : { found: 'unavailable', reason: 'A flow cannot be asked what it posted' },
    );
  }

  return { kind: WORKFLOW.id, paceMs: WORKFLOW.paceMs, can: WORKFLOW.can, send, find };
}

function outcomeOf(outcome: SendOutcome | 'too large'): SendOutcome {
  return outcome === 'too large'
    ? { outcome: 'rejected', scope: 'message', reason: 'The card is too large for the flow (HTTP 413)', remedy: REPORT_FAULT }
    : outcome;
}

/**
 * Older webhooks answer 200, with the status of Teams in the text (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors).
 */
const TOLD_IN_TEXT = /returned HTTP error (\d{3})/;

function classify(status: number, retryAfter: string | null, said: string, deliveryId: string): SendOutcome | 'too large' {
  const told = Number(TOLD_IN_TEXT.exec(said)?.[1] ?? status);
  const reason = `(HTTP ${String(told)})`;
  if (told === 407) return { outcome: 'retry', reason: `The flow could not be reached: a proxy wants credentials ${reason}` };
  if (told >= 200 && told < 300)
    return isWebPage(said)
      ? { outcome: 'unknown', reason: 'The answer was not that of a flow' }
      : { outcome: 'sent', messageRef: deliveryId };
  if (told === 413) return 'too large';
  if (told === 429 || told === 412)
    return {
      outcome: 'retry',
      reason: `The flow asked to slow down ${reason}`,
      ...(retryAfter !== null && /^\d{1,6}$/.test(retryAfter) && { afterMs: Number(retryAfter) * 1000 }),
    };
  if (told >= 500 || told < 400) return { outcome: 'unknown', reason: `The flow answered ${reason}` };
  if (told === 400)
    return { outcome: 'rejected', scope: 'message', reason: `The flow does not take the message ${reason}`, remedy: REPORT_FAULT };
  if (![401, 403, 404, 410].includes(told))
    return { outcome: 'retry', reason: `The flow refused it with an answer that Creditwatch does not know ${reason}`, unfamiliar: true };
  const why = told === 404 || told === 410 ? 'The flow is gone, or switched off' : 'The flow does not accept its URL';
  return { outcome: 'rejected', scope: 'destination', reason: `${why} ${reason}`, remedy: NEW_URL };
}
