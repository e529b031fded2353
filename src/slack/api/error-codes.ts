import type { SendOutcome } from '../../core/notifications/delivery.ts';
import { INVITE_COMMAND, SLACK_REJECTIONS, SLACK_TEMPORARY_ERRORS } from '../../messages/platforms/slack-errors.ts';

export type Rejection = Omit<Extract<SendOutcome, { outcome: 'rejected' }>, 'outcome'>;
type Effect = Omit<Rejection, 'code' | 'reason' | 'remedy'>;
type Temporary = { readonly outcome: 'retry' | 'unknown'; readonly reason: string };

const MESSAGE: Effect = { scope: 'message' };
const DESTINATION: Effect = { scope: 'destination' };
const UNINVITED: Effect = { scope: 'destination', invite: INVITE_COMMAND };
const INSTALLATION: Effect = { scope: 'installation' };
const REMOVED: Effect = { scope: 'installation', removed: true };

const effects: Readonly<Record<(typeof SLACK_REJECTIONS)[number][0], Effect>> = {
  // Slack also returns this for a private channel without the bot.
  channel_not_found: UNINVITED,
  not_in_channel: UNINVITED,
  no_permission: UNINVITED,
  is_archived: DESTINATION,
  restricted_action: DESTINATION,
  restricted_action_read_only_channel: DESTINATION,
  restricted_action_thread_only_channel: DESTINATION,
  restricted_action_non_threadable_channel: DESTINATION,
  channel_type_not_supported: DESTINATION,
  user_not_found: DESTINATION,
  user_not_visible: DESTINATION,
  user_disabled: DESTINATION,
  cannot_dm_bot: DESTINATION,
  messages_tab_disabled: DESTINATION,
  ekm_access_denied: DESTINATION,
  access_denied: DESTINATION,

  invalid_auth: REMOVED,
  not_authed: INSTALLATION,
  account_inactive: REMOVED,
  token_revoked: REMOVED,
  token_expired: INSTALLATION,
  not_allowed_token_type: INSTALLATION,
  missing_scope: INSTALLATION,
  accesslimited: INSTALLATION,
  team_access_not_granted: INSTALLATION,
  enterprise_is_restricted: INSTALLATION,
  two_factor_setup_required: INSTALLATION,

  message_not_found: MESSAGE,
  cant_update_message: MESSAGE,
  edit_window_closed: MESSAGE,

  invalid_blocks: MESSAGE,
  invalid_blocks_format: MESSAGE,
  invalid_arguments: MESSAGE,
  invalid_arg_name: MESSAGE,
  invalid_form_data: MESSAGE,
  msg_too_long: MESSAGE,
  msg_blocks_too_long: MESSAGE,
  no_text: MESSAGE,
  invalid_metadata_format: MESSAGE,
  invalid_metadata_schema: MESSAGE,
  metadata_must_be_sent_from_app: MESSAGE,
  metadata_too_large: MESSAGE,
};

/**
 * Codes that are permanent (docs.slack.dev/reference/methods/chat.postMessage and auth.test, "Errors"). A code with scope `destination`
 * disables only that destination. A code with scope `installation` disables all destinations of the workspace.
 */
export const rejections: ReadonlyMap<string, Rejection> = new Map(
  SLACK_REJECTIONS.map(([code, reason, remedy]) => [code, { ...effects[code], code, reason, remedy }]),
);

/** Codes after which Slack may have posted the message. */
const MAY_HAVE_POSTED: ReadonlySet<string> = new Set([
  'fatal_error',
  'request_timeout',
] satisfies (typeof SLACK_TEMPORARY_ERRORS)[number][0][]);

/**
 * Codes that are temporary. The outcome is unknown only if Slack may have posted the message before it failed. With the other codes, it
 * was not posted.
 */
export const transient: ReadonlyMap<string, Temporary> = new Map(
  SLACK_TEMPORARY_ERRORS.map(([code, reason]) => [code, { outcome: MAY_HAVE_POSTED.has(code) ? 'unknown' : 'retry', reason }]),
);
