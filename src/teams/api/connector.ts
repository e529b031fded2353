import type { ConversationParameters, TeamsChannelData } from 'botbuilder';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { request, RequestFailed, whyOf } from '../../outbound/http-client.ts';
import type { MicrosoftTokens } from '../auth/verify-request.ts';
import type { CallFailure } from './errors.ts';
import type { OutgoingActivity } from '../views/activity.ts';

/** After this time the message may have been posted. */
const TIMEOUT_MS = 5000;
/** Longer than any error of Teams. JSON that is cut could not be read. */
const MOST_OF_AN_ERROR = 64_000;

/** `userRole`: `user`, `guest` or `anonymous`. Null if Teams does not send the value. */
type Member = { readonly userRole: string | null; readonly tenantId: string | null };
export type Posted = { readonly conversation: string; readonly activity: string };
type Called<T> = Promise<Result<T, CallFailure>>;
/** Asked immediately before the call is written. */
type MayWrite = (() => boolean) | undefined;

/** The calls of the Bot Framework's Connector that are used. Each is one attempt with a timeout. None throws. */
export type Connector = {
  /** Starts a thread in a channel. */
  begin(
    at: { readonly serviceUrl: string; readonly channel: string; readonly tenant: string | null },
    activity: OutgoingActivity,
    mayWrite?: MayWrite,
  ): Called<Posted>;
  /** Posts to a chat, or to the thread in the ID of the conversation. */
  post(at: { readonly serviceUrl: string; readonly conversation: string }, activity: OutgoingActivity, mayWrite?: MayWrite): Called<Posted>;
  /**
   * Posts a message that only the activity's recipient sees
   * (learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages).
   */
  whisper(at: { readonly serviceUrl: string; readonly conversation: string }, activity: OutgoingActivity): Called<Posted>;
  /** Edits a message. Teams sends no notification for an edit. */
  edit(at: { readonly serviceUrl: string } & Posted, activity: OutgoingActivity, mayWrite?: MayWrite): Called<Posted>;
  /**
   * Returns what Teams knows about a member of a conversation (learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context).
   */
  member(at: { readonly serviceUrl: string; readonly conversation: string; readonly user: string }): Called<Member>;
  /** Looks up the bot itself in a conversation, only to see whether Teams answers. `unreadable` and most rejections are answers too. */
  lookAt(at: { readonly serviceUrl: string; readonly conversation: string }): Called<unknown>;
  /** Returns the chat with one person, and creates it if there is none. */
  chatWith(at: { readonly serviceUrl: string; readonly user: string; readonly tenant: string | null }): Called<string>;
};

/** `bot` and members have only an ID. The activity lacks the fields that Teams fills in. */
type Thread = Omit<ConversationParameters, 'bot' | 'members' | 'activity' | 'channelData'> & {
  readonly bot: Pick<ConversationParameters['bot'], 'id'>;
  readonly members?: readonly Pick<ConversationParameters['bot'], 'id'>[];
  readonly activity?: OutgoingActivity;
  readonly channelData?: TeamsChannelData;
};

const resourceSchema = z.object({ id: z.string().min(1), activityId: z.string().nullish() });
const memberSchema = z.object({ userRole: z.string().nullish(), tenantId: z.string().nullish() });

/**
 * Creates the calls.
 *
 * @param bot the ID of the bot: `28:…`
 */
export function createConnector(authority: MicrosoftTokens, bot: string): Connector {
  const conversationUrl = (id: string) => `v3/conversations/${encodeURIComponent(id)}/activities`;

  const call = (method: 'POST' | 'PUT', serviceUrl: string, path: string, body: object, mayWrite?: MayWrite) =>
    ask(resourceSchema, method, serviceUrl, path, body, mayWrite);

  async function ask<T>(
    schema: z.ZodType<T>,
    method: 'GET' | 'POST' | 'PUT',
    serviceUrl: string,
    path: string,
    body?: object,
    mayWrite?: MayWrite,
  ): Called<T> {
    const token = await authority.token(serviceUrl);
    if (!token.ok) return err({ kind: 'token', failure: token.error });
    try {
      const { status, headers, text } = await request(`${serviceUrl.replace(/\/$/, '')}/${path}`, {
        method,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(token.value !== null && { authorization: `Bearer ${token.value}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        withinMs: TIMEOUT_MS,
        mayWrite,
      });
      // A redirect is a failure too. To follow it would send the token to a host that was not checked.
      if (status < 200 || status >= 300)
        return err({ kind: 'status', status, retryAfter: headers.get('retry-after') ?? null, body: text.slice(0, MOST_OF_AN_ERROR) });
      const resource = schema.safeParse(parsedJson(text));
      return resource.success ? ok(resource.data) : err({ kind: 'unreadable' });
    } catch (error) {
      return err({ kind: 'no-answer', written: !(error instanceof RequestFailed) || error.written, why: whyOf(error) });
    }
  }

  return {
    async begin({ serviceUrl, channel, tenant }, activity, mayWrite) {
      const thread: Thread = {
        isGroup: true,
        bot: { id: bot },
        ...(tenant !== null && { tenantId: tenant }),
        channelData: { channel: { id: channel } } satisfies TeamsChannelData,
        activity,
      };
      const made = await call('POST', serviceUrl, 'v3/conversations', thread, mayWrite);
      return made.ok
        ? ok({ conversation: made.value.id, activity: made.value.activityId ?? /;messageid=(\w+)$/.exec(made.value.id)?.[1] ?? '' })
        : made;
    },
    async post({ serviceUrl, conversation }, activity, mayWrite) {
      const made = await call('POST', serviceUrl, conversationUrl(conversation), activity, mayWrite);
      return made.ok ? ok({ conversation, activity: made.value.id }) : made;
    },
    async whisper({ serviceUrl, conversation }, activity) {
      const made = await call('POST', serviceUrl, `${conversationUrl(conversation)}?isTargetedActivity=true`, activity);
      return made.ok ? ok({ conversation, activity: made.value.id }) : made;
    },
    async edit({ serviceUrl, conversation, activity: id }, activity, mayWrite) {
      const path = `${conversationUrl(conversation)}/${encodeURIComponent(id)}`;
      const changed = await call('PUT', serviceUrl, path, { ...activity, id }, mayWrite);
      return changed.ok ? ok({ conversation, activity: id }) : changed;
    },
    lookAt({ serviceUrl, conversation }) {
      return ask(z.unknown(), 'GET', serviceUrl, `v3/conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(bot)}`);
    },
    async member({ serviceUrl, conversation, user }) {
      const member = await ask(
        memberSchema,
        'GET',
        serviceUrl,
        `v3/conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(user)}`,
      );
      return member.ok ? ok({ userRole: member.value.userRole ?? null, tenantId: member.value.tenantId ?? null }) : member;
    },
    async chatWith({ serviceUrl, user, tenant }) {
      const thread: Thread = {
        isGroup: false,
        bot: { id: bot },
        members: [{ id: user }],
        ...(tenant !== null && { tenantId: tenant, channelData: { tenant: { id: tenant } } }),
      };
      const made = await call('POST', serviceUrl, 'v3/conversations', thread);
      return made.ok ? ok(made.value.id) : made;
    },
  };
}
