import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { parsedJson } from '../../core/parsed-json.ts';
import type { Message } from '../../core/text/message.ts';
import type { Log } from '../../ports/log.ts';
import { classifyFailure } from '../api/errors.ts';
import type { Respond } from '../api/respond.ts';
import { formView } from '../views/form.ts';
import { slackView } from '../views/message.ts';
import type { Audience, DeferredReply } from '../../chat/deferred-reply.ts';

/** Where a person typed or clicked, as Slack sent it. A reply needs no more. */
const placeSchema = z.object({
  responseUrl: z.string(),
  channel: z.string(),
  invokedAs: z.string(),
  isGroupMessage: z.boolean().default(false),
});
type Place = z.infer<typeof placeSchema>;

const notesSchema = placeSchema.extend({ form: z.string(), account: z.string().default('') });

/** Reads the private metadata of a modal: its form, the account for which it was opened, and where to reply. */
export const formNotes = z.string().transform(parsedJson).pipe(notesSchema);

export type ReplyChannel = {
  /** Replies where a command was typed or a button was clicked. */
  back(from: { readonly place: Place; readonly account: string; readonly team: string; readonly triggerId: string }): DeferredReply;
  /** Replies where a form was opened. Uses the Web API if the form's `response_url` has expired. */
  backFromForm(from: {
    readonly place: Place;
    readonly account: string;
    readonly team: string;
    readonly user: string;
    readonly triggerId: string;
  }): DeferredReply;
};

/** Creates the ways to reply. None of them throws; failures are logged. */
export function createReplyChannel({
  client,
  respond,
  log,
}: {
  readonly client: webApi.WebClient;
  readonly respond: Respond;
  readonly log: Log;
}): ReplyChannel {
  return {
    back: ({ place, account, team, triggerId }) => ({
      say: async (message, to) => {
        const told = await respond(place.responseUrl, message, to);
        if (!told.ok) log.warn({ reason: told.error, team }, 'Slack reply failed');
      },
      show: show(place, account, triggerId),
    }),
    backFromForm: ({ place, account, team, user, triggerId }) => ({
      say: async (message, to) => {
        const told = await respond(place.responseUrl, message, to);
        const reason = told.ok ? null : await post(place.channel, user, message, to);
        if (reason !== null) log.warn({ reason, team }, 'Slack reply failed');
      },
      show: show(place, account, triggerId),
    }),
  };

  function show(place: Place, account: string, triggerId: string): DeferredReply['show'] {
    return async (form) => {
      const view = formView(form, JSON.stringify({ ...place, account, form: form.id } satisfies z.infer<typeof notesSchema>));
      if (view === null) return false;
      try {
        await client.views.open({ trigger_id: triggerId, view });
        return true;
      } catch (error) {
        log.warn({ reason: classifyFailure(error).reason }, 'Slack form not opened');
        return false;
      }
    };
  }

  /** Returns why the message could not be posted, or null if it was. */
  async function post(channel: string, user: string, message: Message, to: Audience): Promise<string | null> {
    // A chart may be rejected and posted again. Here a table is as good and is never rejected.
    const view = slackView(message, { figuresAs: 'table' });
    try {
      if (channel.startsWith('D')) await client.chat.postMessage({ channel: user, ...view });
      else if (to === 'everybody') await client.chat.postMessage({ channel, ...view });
      else await client.chat.postEphemeral({ channel, user, ...view });
      return null;
    } catch (error) {
      return classifyFailure(error).reason;
    }
  }
}
