import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { FindOutcome, SendOutcome } from '../core/notifications/delivery.ts';
import { callFailureText } from '../messages/platforms/call-failure.ts';
import { SLACK_REASONS } from '../messages/platforms/slack-errors.ts';
import type { Log } from '../ports/log.ts';
import type { FindRequest, Messenger, SendRequest } from '../ports/outbound/messenger.ts';
import type { ChartSupport } from './api/chart-support.ts';
import { areUnreadableBlocks, classifyFailure, isAnswered } from './api/errors.ts';
import { SLACK } from './traits.ts';
import { isSlackUser } from './views/mention.ts';
import { slackView, type SlackView } from './views/message.ts';
import type { Calls } from './api/web-client.ts';

const EVENT_TYPE = 'creditwatch_delivery';

/** Clocks differ. The time of a message is by Slack's clock. */
const FIND_EARLIER_MS = 60_000;
const FIND_PAGES = 5;
const FIND_PAGE_SIZE = 200;

const postedSchema = z.object({ channel: z.string(), ts: z.string() });

const historySchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.object({ delivery_id: z.string() }) })
        .optional()
        .catch(undefined),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

type Parts = Calls & { readonly charts: ChartSupport; readonly log: Log };

/**
 * Creates the messenger for channels and people of Slack. `address` is the ID of either. The reference of a message is `<channel>:<ts>`,
 * with the channel of Slack's answer: the channel of a direct message differs from the ID of the person.
 */
export function createSlackMessenger(parts: Parts): Messenger {
  return {
    kind: SLACK.id,
    paceMs: SLACK.paceMs,
    can: SLACK.can,
    answersElsewhere: true,
    send: (request) => send(parts, request),
    find: (request) => find(parts.client, parts.log, request),
  };
}

async function send({ client, callWhile, charts, log }: Parts, request: SendRequest): Promise<SendOutcome> {
  const { address, place, message, deliveryId, mayWrite } = request;
  const { figuresAs } = charts;
  const view = slackView(message, { possibleDuplicate: request.possibleDuplicate && place.kind !== 'edit', figuresAs });
  const call = () => (place.kind === 'edit' ? edit(client, place.messageRef, view) : post(client, request, view));
  try {
    return { outcome: 'sent', messageRef: await (mayWrite ? callWhile(mayWrite, call) : call()) };
  } catch (error) {
    // The queue sends it again. Another call here would take longer than the lease.
    if (areUnreadableBlocks(error) && charts.refused(message, figuresAs)) return { outcome: 'retry', reason: SLACK_REASONS.noCharts };
    const outcome = classifyFailure(error);
    if (outcome.outcome === 'rejected' && outcome.scope === 'message' && place.kind !== 'edit')
      log.error({ deliveryId, address, reason: outcome.reason }, 'Slack message rejected as faulty');
    return outcome;
  }
}

async function post(client: webApi.WebClient, { address, place, deliveryId }: SendRequest, view: SlackView): Promise<string> {
  const root = place.kind === 'reply' ? placeOf(place.messageRef) : null;
  const answer = await client.chat.postMessage({
    channel: root?.channel ?? address,
    ...(root && { thread_ts: root.ts }),
    ...view,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: EVENT_TYPE, event_payload: { delivery_id: deliveryId } },
  });
  const posted = postedSchema.safeParse(answer);
  // Slack answered ok, so the message is posted, even if it cannot be edited later.
  return messageRef(posted.success ? posted.data : { channel: address, ts: '' });
}

/** Edits a message. Slack sends no notification for an edit (docs.slack.dev/reference/methods/chat.update). */
async function edit(client: webApi.WebClient, ref: string, view: SlackView): Promise<string> {
  await client.chat.update({ ...placeOf(ref), ...view });
  return ref;
}

/**
 * Looks a delivery up in the history of the channel or thread. The bot needs `channels:history` or `groups:history` for it. It does not
 * read direct messages: that would need `im:history` and `im:write`, which one possible duplicate does not justify. For a direct message,
 * it only checks that Slack answers.
 */
async function find(client: webApi.WebClient, log: Log, { address, place, deliveryId, since }: FindRequest): Promise<FindOutcome> {
  const oldest = String((since.getTime() - FIND_EARLIER_MS) / 1000);
  let cursor: string | undefined;
  try {
    if (isSlackUser(address)) {
      await client.auth.test();
      return { found: 'unavailable', reason: SLACK_REASONS.directMessagesNotRead };
    }
    for (let read = 0; read < FIND_PAGES; read += 1) {
      const page = { oldest, limit: FIND_PAGE_SIZE, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await (place.kind === 'reply'
        ? client.conversations.replies({ ...placeOf(place.messageRef), ...page })
        : client.conversations.history({ channel: address, ...page }));
      const history = historySchema.safeParse(answer);
      if (!history.success) return { found: 'unavailable', reason: callFailureText('Slack', { kind: 'unreadable' }) };
      const found = history.data.messages.find(
        ({ metadata }) => metadata?.event_type === EVENT_TYPE && metadata.event_payload.delivery_id === deliveryId,
      );
      if (found !== undefined) return { found: 'yes', messageRef: messageRef({ channel: address, ts: found.ts }) };
      cursor = history.data.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return { found: 'no' };
    }
  } catch (error) {
    const failed = classifyFailure(error);
    log.debug({ address, reason: failed.reason }, 'Slack history not readable');
    if (isAnswered(error)) return { found: 'unavailable', reason: failed.reason };
    return { found: 'no-answer', reason: failed.reason, ...('afterMs' in failed && { afterMs: failed.afterMs }) };
  }
  return { found: 'unavailable', reason: SLACK_REASONS.tooManyMessages };
}

function messageRef({ channel, ts }: z.infer<typeof postedSchema>): string {
  return `${channel}:${ts}`;
}

function placeOf(ref: string): { channel: string; ts: string } {
  const [channel = '', ts = ''] = ref.split(':');
  return { channel, ts };
}
