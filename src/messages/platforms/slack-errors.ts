import { REPORT_BUG } from './call-failure.ts';

/** What people type in a channel to add the bot. */
export const INVITE_COMMAND = '/invite @Creditwatch';

const OTHER_CHANNEL = 'Route to another channel.';
const NEW_TOKEN = 'Install the app to the workspace again and put its bot token into SLACK_BOT_TOKEN.';
const ASK_ADMIN = 'Ask an admin of the workspace.';
const NOTHING_TO_DO = 'Nothing to do: the message stays as it was.';

/** The permanent errors of Slack: code, reason (without a full stop), and the operator's next step. */
export const SLACK_REJECTIONS = [
  [
    'channel_not_found',
    'The channel does not exist, or it is private',
    `Check the channel ID. If the channel is private, type there: ${INVITE_COMMAND}`,
  ],
  ['not_in_channel', 'The bot is not in that channel', `Type there: ${INVITE_COMMAND}`],
  ['no_permission', 'The bot may not post in that channel', `Type there: ${INVITE_COMMAND}`],
  ['is_archived', 'The channel is archived', 'Unarchive it, or route to another channel.'],
  ['restricted_action', 'A setting of the workspace does not allow the bot to post there', ASK_ADMIN],
  ['restricted_action_read_only_channel', 'The channel is read-only', OTHER_CHANNEL],
  ['restricted_action_thread_only_channel', 'The channel allows only replies', OTHER_CHANNEL],
  ['restricted_action_non_threadable_channel', 'The channel does not allow replies', OTHER_CHANNEL],
  ['channel_type_not_supported', 'Bots cannot post in a conversation of this type', OTHER_CHANNEL],
  ['user_not_found', 'The user does not exist', 'Check the user ID.'],
  ['user_not_visible', 'The bot cannot see that user', ASK_ADMIN],
  ['user_disabled', 'That user has been deactivated', OTHER_CHANNEL],
  ['cannot_dm_bot', 'That user is a bot', OTHER_CHANNEL],
  ['messages_tab_disabled', "The app's direct messages are turned off", 'Turn on the Messages tab under App Home.'],
  ['ekm_access_denied', 'An admin has suspended posting', ASK_ADMIN],
  ['access_denied', 'Slack denied the bot access to that conversation', ASK_ADMIN],

  ['invalid_auth', 'Slack does not accept the token, or not from this IP address', NEW_TOKEN],
  ['not_authed', 'The call had no token', NEW_TOKEN],
  ['account_inactive', 'The app was removed, or the workspace deleted', NEW_TOKEN],
  ['token_revoked', 'The token was revoked', NEW_TOKEN],
  ['token_expired', 'The token has expired', NEW_TOKEN],
  ['not_allowed_token_type', 'This is not the right kind of token', 'Put the token that begins with xoxb- into SLACK_BOT_TOKEN.'],
  ['missing_scope', 'A permission is missing', 'Add the scope under OAuth & Permissions, then install the app to the workspace again.'],
  ['accesslimited', 'Slack does not accept calls from this network', ASK_ADMIN],
  ['team_access_not_granted', 'The organization has not given the app access to this workspace', ASK_ADMIN],
  ['enterprise_is_restricted', 'The organization does not allow this call', ASK_ADMIN],
  ['two_factor_setup_required', 'The workspace requires two-factor authentication', ASK_ADMIN],

  ['message_not_found', 'The message no longer exists', 'Nothing to do: someone deleted it.'],
  ['cant_update_message', 'Slack does not let the bot edit that message', NOTHING_TO_DO],
  ['edit_window_closed', 'Slack does not allow edits of a message that old', NOTHING_TO_DO],

  ['invalid_blocks', 'Slack could not read the blocks', REPORT_BUG],
  ['invalid_blocks_format', 'Slack could not read the blocks', REPORT_BUG],
  ['invalid_arguments', 'Slack could not read the call', REPORT_BUG],
  ['invalid_arg_name', 'Slack could not read the call', REPORT_BUG],
  ['invalid_form_data', 'Slack could not read the call', REPORT_BUG],
  ['msg_too_long', 'The text is too long', REPORT_BUG],
  ['msg_blocks_too_long', 'The blocks are too long', REPORT_BUG],
  ['no_text', 'The message has no text', REPORT_BUG],
  ['invalid_metadata_format', 'Slack could not read the metadata', REPORT_BUG],
  ['invalid_metadata_schema', 'Slack could not read the metadata', REPORT_BUG],
  ['metadata_must_be_sent_from_app', 'Slack accepts metadata only from apps', REPORT_BUG],
  ['metadata_too_large', 'The metadata is too large', REPORT_BUG],
] as const satisfies readonly (readonly [code: string, reason: string, remedy: string])[];

/** The temporary errors of Slack: code and reason (without a full stop). */
export const SLACK_TEMPORARY_ERRORS = [
  ['ratelimited', 'Slack asked to slow down'],
  ['rate_limited', 'Slack asked to slow down'],
  ['message_limit_exceeded', 'The workspace is sending too many messages'],
  ['internal_error', 'Slack has a temporary problem'],
  ['service_unavailable', 'Slack has a temporary problem'],
  ['team_added_to_org', 'The workspace is being moved'],
  ['org_login_required', 'The workspace is being moved'],
  ['external_channel_migrating', 'The channel is being moved'],
  ['fatal_error', 'Slack failed while it handled the call'],
  ['request_timeout', 'Slack timed out while it read the call'],
] as const satisfies readonly (readonly [code: string, reason: string])[];

/** A failed check, or a token that is missing: the reason (without a full stop) and the operator's next step. */
type Problem = { readonly reason: string; readonly remedy: string };

/** The bot token lacks required scopes. */
export function missingScopes(scopes: readonly string[]): Problem {
  return {
    reason: `The bot token lacks ${scopes.join(' and ')}`,
    remedy: 'Add it under OAuth & Permissions, then install the app to the workspace again.',
  };
}

/**
 * Socket Mode does not connect.
 *
 * @param remedy the next step if Slack did not reject the app token
 */
export function noSocket(reason: string, remedy: string | null): Problem {
  return {
    reason: `Socket Mode does not connect: ${reason}`,
    remedy:
      remedy ??
      'Generate an app-level token with connections:write under Basic Information of your Slack app, and put it into SLACK_APP_TOKEN.',
  };
}

/** The next step if Slack answered with an unknown code. */
export const LOOK_UP_CODE = 'Look up the code on docs.slack.dev, then try again.';

/** The next step if Slack did not answer. */
export const CHECK_CONNECTION = 'Check the connection from this machine to slack.com, then try again.';

/** The app is not installed in a workspace. */
export function notInstalled(installAt: string): Problem {
  return { reason: 'The app is not installed in a Slack workspace', remedy: installAppText(installAt) };
}

/** The next step if an installed token was rejected. */
export function installAppText(installAt: string): string {
  return `Install the app: ${installAt}`;
}

/** The stored token was encrypted with another key. */
export function tokenUnreadable(installAt: string, keyRemedy: string): Problem {
  return {
    reason: 'The stored token of the Slack workspace cannot be decrypted',
    remedy: `${keyRemedy} Or install the app again: ${installAt}`,
  };
}

/** Why a message is sent again, or why a look-up was not possible. */
export const SLACK_REASONS = {
  installedAgain: 'The app was installed again meanwhile',
  noCharts: 'The workspace does not support charts, so the message is sent with a table',
  directMessagesNotRead: 'Direct messages are not read',
  tooManyMessages: 'There are too many messages since then to look through',
} as const;
