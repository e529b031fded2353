import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** Whoever does something, and where. Without any of it: an ordinary member of the fake workspace in its channel. */
export type Doer = {
  readonly user?: string;
  /** The workspace that the person belongs to. */
  readonly userTeam?: string;
  /** The workspace that Slack says it happened in; null where the app is installed for a whole organisation. */
  readonly team?: string | null;
  readonly enterprise?: string;
  readonly channel?: string;
  /** The same again is the same press: Slack hands each out once. */
  readonly triggerId?: string;
};

function origin({ user = 'U0ASKER', userTeam, team = 'T0FAKE', enterprise, triggerId = newTrigger() }: Doer): Record<string, unknown> {
  return {
    team: team === null ? null : { id: team, domain: 'fake', ...(enterprise === undefined ? {} : { enterprise_id: enterprise }) },
    enterprise: enterprise === undefined ? null : { id: enterprise, name: 'Fake Org' },
    user: { id: user, username: 'requester', name: 'requester', team_id: userTeam ?? team ?? 'T0FAKE' },
    is_enterprise_install: team === null,
    api_app_id: 'A0FAKE',
    token: 'unused',
    trigger_id: triggerId,
  };
}

export function newTrigger(): string {
  return `${randomUUID()}.fake`;
}

/** An event that the app subscribed to (docs.slack.dev/apis/events-api). The same id again is the same event. */
export function eventCallback(
  event: Readonly<Record<string, unknown>>,
  { team = 'T0FAKE', id = `Ev${randomUUID()}`, at = new Date() }: { readonly team?: string; readonly id?: string; readonly at?: Date } = {},
): Record<string, unknown> {
  return {
    type: 'event_callback',
    token: 'unused',
    team_id: team,
    api_app_id: 'A0FAKE',
    event,
    event_id: id,
    event_time: Math.floor(at.getTime() / 1000),
  };
}

/** A press on a button (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
export function blockActions({
  actionId,
  value,
  responseUrl,
  messageTs = '1795420800.000100',
  ...doer
}: Doer & { readonly actionId: string; readonly value?: string; readonly responseUrl: string; readonly messageTs?: string }): Record<
  string,
  unknown
> {
  const channel = doer.channel ?? 'C0FAKE';
  return {
    type: 'block_actions',
    ...origin(doer),
    container: { type: 'message', message_ts: messageTs, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: channel.startsWith('D') ? 'directmessage' : 'general' },
    message: { type: 'message', ts: messageTs },
    response_url: responseUrl,
    state: { values: {} },
    actions: [
      {
        type: 'button',
        action_id: actionId,
        block_id: 'b1',
        text: { type: 'plain_text', text: 'a button' },
        action_ts: '1795420801.000100',
        ...(value === undefined ? {} : { value }),
      },
    ],
  };
}

const viewSchema = z.object({
  callback_id: z.string(),
  private_metadata: z.string(),
  blocks: z.array(
    z
      .object({ block_id: z.string(), element: z.object({ type: z.string(), action_id: z.string() }) })
      .or(z.object({ type: z.literal('section') })),
  ),
});

/** A modal that was filled in and sent (docs.slack.dev/reference/interaction-payloads/view-interactions-payload). What is missing among the values was left empty. */
export function viewSubmission(
  view: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
  doer: Doer & { readonly installedTeam?: string } = {},
): Record<string, unknown> {
  const { blocks, ...about } = viewSchema.parse(view);
  const state = Object.fromEntries(
    blocks.flatMap((block) => {
      if (!('element' in block)) return [];
      const { block_id: name, element } = block;
      const value = values[name] ?? null;
      const filled =
        element.type === 'static_select'
          ? { selected_option: value === null ? null : { text: { type: 'plain_text', text: value }, value } }
          : { value };
      return [[name, { [element.action_id]: { type: element.type, ...filled } }]];
    }),
  );
  return {
    type: 'view_submission',
    ...origin(doer),
    view: {
      ...view,
      ...about,
      id: 'V1',
      team_id: doer.team ?? 'T0FAKE',
      hash: '1.abc',
      app_installed_team_id: doer.installedTeam ?? doer.team ?? 'T0FAKE',
      state: { values: state },
    },
    response_urls: [],
  };
}
