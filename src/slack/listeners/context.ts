import type { AllMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { DeferredReply } from '../../chat/deferred-reply.ts';
import type { Message } from '../../core/text/message.ts';
import { unknownWorkspace } from '../../messages/replies/errors.ts';
import type { Requester } from '../../ports/inbound/chat.ts';
import { originSchema, teamOf } from './access.ts';
import { acknowledge, logIncomplete, type ListenerParts } from './listener-parts.ts';
import { formNotes } from './reply-channel.ts';
import { isGroupMessage, requesterOf } from './requester.ts';

/** What a listener knows about a request: who asks, in which account, and where the reply goes. */
export class SlackRequest {
  /** Whether this process handles the request. @throws StoreUnavailable if the database cannot be reached; then it must not be handled. */
  readonly isOurs: () => Promise<boolean>;
  readonly requester: Requester;
  readonly reply: DeferredReply;
  /** Returns null if the requester may look at figures, or with `change` may change something; else the reply that says why not. */
  readonly refusal: (wants: { readonly change: boolean }) => Promise<Message | null>;

  constructor({ isOurs, requester, reply, refusal }: Pick<SlackRequest, 'isOurs' | 'requester' | 'reply' | 'refusal'>) {
    this.isOurs = isOurs;
    this.requester = requester;
    this.reply = reply;
    this.refusal = refusal;
  }
}

/** The part of a slash command that says who typed it and where (docs.slack.dev/interactivity/implementing-slash-commands). */
const typed = z
  .object({
    command: z.string().startsWith('/'),
    team_id: z.string(),
    channel_id: z.string(),
    channel_name: z.string().optional(),
    user_id: z.string(),
    response_url: z.url(),
    trigger_id: z.string(),
  })
  .transform((body) => ({
    origin: { user: { id: body.user_id, team_id: body.team_id } },
    team: body.team_id,
    triggerId: body.trigger_id,
    responseUrl: body.response_url,
    channel: body.channel_id,
    channelName: body.channel_name,
    invokedAs: body.command,
    isGroupMessage: isGroupMessage(body.channel_name),
  }));

/** The same part of a click (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
const clicked = originSchema
  .extend({ channel: z.object({ id: z.string(), name: z.string().optional() }), response_url: z.url(), trigger_id: z.string() })
  .transform(({ channel, response_url: responseUrl, trigger_id: triggerId, ...origin }) => ({
    origin,
    team: teamOf(origin),
    triggerId,
    responseUrl,
    channel: channel.id,
    channelName: undefined,
    invokedAs: null,
    isGroupMessage: isGroupMessage(channel.name),
  }));

/**
 * The same part of a submitted modal (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). In a channel that is shared
 * with another company, `app_installed_team_id` is the workspace of the app, and `team` that of the person.
 */
const submitted = originSchema
  .extend({
    trigger_id: z.string(),
    view: z.object({ app_installed_team_id: z.string().nullish(), private_metadata: formNotes }),
  })
  .transform(({ view, trigger_id: triggerId, ...origin }) => ({
    origin,
    team: view.app_installed_team_id ?? teamOf(origin),
    triggerId,
    channelName: undefined,
    ...view.private_metadata,
  }));

const SCHEMAS = { command: typed, click: clicked, form: submitted } as const;

type Args = Pick<AllMiddlewareArgs, 'context' | 'next'> & { readonly body: unknown; readonly ack: () => Promise<void> };

/**
 * Creates the middleware that runs before a listener and writes a `SlackRequest` to Bolt's context. A command or click is acknowledged
 * first, because Slack waits 3 s; a form is acknowledged by its listener, whose answer decides whether the form closes. A request that is
 * incomplete, was handled before, or comes from an unknown workspace goes no further. Never throws.
 */
export function requestContext(kind: keyof typeof SCHEMAS, parts: ListenerParts): (args: Args) => Promise<void> {
  const { accountOf, replyChannel, access, rolesOf, commandNames, once, log } = parts;
  return async ({ body, context, ack, next }) => {
    if (kind !== 'form') await acknowledge(ack, log);
    const stop = async (): Promise<void> => (kind === 'form' ? acknowledge(ack, log) : undefined);
    const parsed = SCHEMAS[kind].safeParse(body);
    if (!parsed.success) {
      logIncomplete(kind, parsed.error, log);
      return stop();
    }
    const { origin, team, triggerId, channelName, ...from } = parsed.data;
    const isOurs = once(triggerId);
    if (isOurs === null) return stop();
    const account = accountOf(team);
    const place = { ...from, invokedAs: from.invokedAs ?? commandNames.of(account ?? '') };
    const user = origin.user.id;
    const where = { place, account: account ?? '', team, triggerId };
    const reply = kind === 'form' ? replyChannel.backFromForm({ ...where, user }) : replyChannel.back(where);
    if (account === null) {
      await stop();
      return reply.say(unknownWorkspace(team), 'requester');
    }
    context['request'] = new SlackRequest({
      isOurs,
      requester: requesterOf({ ...place, account, user, channelName }, rolesOf),
      reply,
      refusal: (wants) => access({ origin, account }, wants),
    });
    await next();
  };
}

/**
 * Returns what `requestContext` wrote.
 *
 * @throws Error if it did not run before the listener, which is a mistake in the code
 */
export function requestIn(context: AllMiddlewareArgs['context']): SlackRequest {
  const request: unknown = context['request'];
  if (request instanceof SlackRequest) return request;
  throw new Error('the listener was registered without requestContext');
}
