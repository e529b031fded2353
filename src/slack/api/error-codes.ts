import { REPORT_FAULT, type SendOutcome } from '../../core/notifications/delivery.ts';

export type Rejection = Omit<Extract<SendOutcome, { outcome: 'rejected' }>, 'outcome'>;
type Transient = { readonly outcome: 'retry' | 'unknown'; readonly reason: string };

const INVITE_COMMAND = '/invite @Creditwatch';
const INVITE = `Type there: ${INVITE_COMMAND}`;
const OTHER_CHANNEL = 'Route to another channel.';
const NEW_TOKEN = 'Install the app to the workspace again and put its bot token into SLACK_BOT_TOKEN.';
const ASK_ADMIN = 'Ask an admin of the workspace.';

function destination(reason: string, remedy: string): Rejection {
  return { scope: 'destination', reason, remedy };
}
function uninvited(reason: string, remedy: string): Rejection {
  return { ...destination(reason, remedy), invite: INVITE_COMMAND };
}
function installation(reason: string, remedy: string): Rejection {
  return { scope: 'installation', reason, remedy };
}
function removed(reason: string): Rejection {
  return { ...installation(reason, NEW_TOKEN), removed: true };
}
function message(reason: string): Rejection {
  return { scope: 'message', reason, remedy: REPORT_FAULT };
}

/**
 * Codes that are permanent (docs.slack.dev/reference/methods/chat.postMessage and auth.test, "Errors"). A code with scope `destination`
 * disables only that destination. A code with scope `installation` disables all destinations of the workspace.
 */
export const rejections: ReadonlyMap<string, Rejection> = new Map([
  // Slack also returns this for a private channel without the bot.
  ['channel_not_found', uninvited('Slack knows no such channel, or it is private', `Check the channel's id. If it is private: ${INVITE}`)],
  ['not_in_channel', uninvited('The bot is not in that channel', INVITE)],
  ['no_permission', uninvited('The bot may not post in that channel', INVITE)],
  ['is_archived', destination('The channel is archived', `Unarchive it. Or: ${OTHER_CHANNEL}`)],
  ['restricted_action', destination('A setting of the workspace forbids the bot to post there', ASK_ADMIN)],
  ['restricted_action_read_only_channel', destination('The channel is read-only', OTHER_CHANNEL)],
  ['restricted_action_thread_only_channel', destination('The channel takes replies only', OTHER_CHANNEL)],
  ['restricted_action_non_threadable_channel', destination('The channel takes no replies', OTHER_CHANNEL)],
  ['channel_type_not_supported', destination('Bots cannot post in a conversation of this type', OTHER_CHANNEL)],
  ['user_not_found', destination('Slack knows no such user', "Check the user's id.")],
  ['user_not_visible', destination('The bot cannot see that user', ASK_ADMIN)],
  ['user_disabled', destination('That user has been deactivated', OTHER_CHANNEL)],
  ['cannot_dm_bot', destination('That user is a bot', OTHER_CHANNEL)],
  ['messages_tab_disabled', destination("The app's direct messages are switched off", 'Switch on the Messages tab under App Home.')],
  ['ekm_access_denied', destination('An admin has suspended posting', ASK_ADMIN)],
  ['access_denied', destination('Slack denied the bot access to that conversation', ASK_ADMIN)],

  ['invalid_auth', removed('Slack does not accept the token, or not from this address')],
  ['not_authed', installation('Slack got no token', NEW_TOKEN)],
  ['account_inactive', removed('The app was removed, or the workspace deleted')],
  ['token_revoked', removed('The token was revoked')],
  ['token_expired', installation('The token has expired', NEW_TOKEN)],
  [
    'not_allowed_token_type',
    installation('This is not the right kind of token', 'Put the token that begins with xoxb- into SLACK_BOT_TOKEN.'),
  ],
  [
    'missing_scope',
    installation('A permission is missing', 'Add the scope under OAuth & Permissions, then install the app to the workspace again.'),
  ],
  ['accesslimited', installation('Slack refuses the network that this call came from', ASK_ADMIN)],
  ['team_access_not_granted', installation('The organisation has not granted the app this workspace', ASK_ADMIN)],
  ['enterprise_is_restricted', installation('The organisation does not allow this call', ASK_ADMIN)],
  ['two_factor_setup_required', installation('The workspace demands two-factor authentication', ASK_ADMIN)],

  ['message_not_found', { scope: 'message', reason: 'The message no longer exists', remedy: 'Nothing to do: someone deleted it.' }],
  [
    'cant_update_message',
    { scope: 'message', reason: 'Slack does not let the bot edit that message', remedy: 'Nothing to do: the message stays as it was.' },
  ],
  [
    'edit_window_closed',
    {
      scope: 'message',
      reason: 'Slack does not let messages of that age be edited',
      remedy: 'Nothing to do: the message stays as it was.',
    },
  ],

  ['invalid_blocks', message('Slack could not read the blocks')],
  ['invalid_blocks_format', message('Slack could not read the blocks')],
  ['invalid_arguments', message('Slack could not read the call')],
  ['invalid_arg_name', message('Slack could not read the call')],
  ['invalid_form_data', message('Slack could not read the call')],
  ['msg_too_long', message('The text is too long')],
  ['msg_blocks_too_long', message('The blocks are too long')],
  ['no_text', message('The message has no text')],
  ['invalid_metadata_format', message('Slack could not read the metadata')],
  ['invalid_metadata_schema', message('Slack could not read the metadata')],
  ['metadata_must_be_sent_from_app', message('Slack takes metadata from apps only')],
  ['metadata_too_large', message('The metadata is too large')],
]);

/**
 * Codes that are temporary. The outcome is unknown only if Slack may have posted the message before it failed. With the other codes, it was
 * not posted.
 */
export const transient: ReadonlyMap<string, Transient> = new Map<string, Transient>([
  ['ratelimited', { outcome: 'retry', reason: 'Slack asked to slow down' }],
  ['rate_limited', { outcome: 'retry', reason: 'Slack asked to slow down' }],
  ['message_limit_exceeded', { outcome: 'retry', reason: 'The workspace is sending too many messages' }],
  ['internal_error', { outcome: 'retry', reason: 'Slack has trouble' }],
  ['service_unavailable', { outcome: 'retry', reason: 'Slack has trouble' }],
  ['team_added_to_org', { outcome: 'retry', reason: 'The workspace is being moved' }],
  ['org_login_required', { outcome: 'retry', reason: 'The workspace is being moved' }],
  ['external_channel_migrating', { outcome: 'retry', reason: 'The channel is being moved' }],
  ['fatal_error', { outcome: 'unknown', reason: 'Slack failed while it was working on it' }],
  ['request_timeout', { outcome: 'unknown', reason: 'Slack gave up while it was reading the call' }],
]);
