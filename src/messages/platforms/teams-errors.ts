import { REPORT_BUG } from './call-failure.ts';

/** The reason of a rejection (without a full stop) and the next step. */
export type Problem = { readonly reason: string; readonly remedy: string };

const ADD_AGAIN = 'Add Creditwatch there again, or route elsewhere.';
const ALLOW_APP = 'Ask an administrator to allow the app in the Teams admin center.';

/** The permanent error codes of Teams for one conversation. */
export const TEAMS_CONVERSATION_REJECTIONS: ReadonlyMap<string, Problem> = new Map([
  ['BotNotInConversationRoster', { reason: 'Creditwatch is not in that conversation', remedy: ADD_AGAIN }],
  [
    'ConversationBlockedByUser',
    { reason: 'That person has blocked Creditwatch', remedy: 'They can unblock it in Teams, or route elsewhere.' },
  ],
  ['MessageWritesBlocked', { reason: 'No one may write in that conversation', remedy: 'Unblock the app in Teams, or route elsewhere.' }],
]);

/** The permanent error codes of Teams for the whole installation. */
export const TEAMS_INSTALLATION_REJECTIONS: ReadonlyMap<string, Problem> = new Map([
  ['BotDisabledByAdmin', { reason: 'An administrator has turned Creditwatch off', remedy: ALLOW_APP }],
  [
    'BotNotRegistered',
    {
      reason: 'No bot with this ID is registered at Microsoft',
      remedy: 'Check MicrosoftAppId, and that the Teams channel of the bot is on.',
    },
  ],
  ['BotDisabledForTenant', { reason: 'The organization does not allow this bot', remedy: ALLOW_APP }],
]);

/** Permanent rejections without one of these codes, by a code of ours. */
export const TEAMS_REJECTIONS = {
  'token-rejected': {
    reason: 'Teams does not accept the token',
    remedy: 'Check MicrosoftAppId and MicrosoftAppTenantId, and that the Teams channel of the bot is on.',
  },
  'may-not-write': { reason: 'Creditwatch may not write in that conversation', remedy: ADD_AGAIN },
  'message-gone': { reason: 'The message no longer exists', remedy: 'Nothing to do: someone deleted it.' },
  'conversation-unknown': {
    reason: 'The conversation does not exist',
    remedy: 'Check the ID in the route. If the channel was deleted, remove the route.',
  },
  'too-large': { reason: 'The card is too large', remedy: REPORT_BUG },
  'message-faulty': { reason: 'Teams rejected the message', remedy: REPORT_BUG },
} as const satisfies Record<string, Problem>;

/** Rejections before Teams is called, by a code of ours: nothing can be sent to the conversation. */
export const TEAMS_NO_ADDRESS = {
  removed: { reason: 'Creditwatch was removed from that conversation', remedy: 'Add it there again, or route elsewhere.' },
  'never-heard': { reason: 'Creditwatch has not received anything from that conversation yet', remedy: 'Write to Creditwatch there once.' },
} as const satisfies Record<string, Problem>;

/** Why a message is sent later, or why a look-up was not possible. */
export const TEAMS_REASONS = {
  cannotLookUp: 'Teams does not let bots look up what they posted',
  conversationNotRead: 'The database did not answer, so the conversation could not be looked up',
  rateLimit: 'Too many messages for that organization are waiting',
  rateNotRead: 'The database did not answer, so the rate limit could not be checked',
} as const;

/** Why a conversation is disabled: by the code that is stored with the destination, the sentence that is shown. */
export const TEAMS_REMOVALS = {
  removed: 'Creditwatch was removed from that conversation. Add it there again, or route elsewhere.',
  'removed-from-channel': 'Creditwatch was removed from the channel. Add it to the channel again, or route elsewhere.',
  'team-deleted': 'The team was deleted. Restore it in Teams, or route elsewhere.',
  'channel-deleted': 'The channel was deleted. Restore it in Teams, or route elsewhere.',
  unshared: 'The channel is no longer shared with the team that Creditwatch is in. Share it again, or route elsewhere.',
} as const;

/** Microsoft rejected the credentials. */
export function credentialsRejected(details: string): string {
  return `Microsoft does not accept the credentials (${details})`;
}

/** Microsoft did not issue a token now. */
export function noToken(details: string): string {
  return `Microsoft issued no token (${details})`;
}

/** The next step if Microsoft did not answer. */
export const CHECK_LOGIN_CONNECTION = 'Check the connection from this machine to login.microsoftonline.com, then try again.';

/** A call to a service URL that is not one of Microsoft's. */
export const FOREIGN_SERVICE_URL: Problem = {
  reason: 'the service URL is not one of Microsoft',
  remedy: 'Write to Creditwatch in that conversation once.',
};

/** The next step after rejected credentials, by Microsoft's number of the error. */
export const TOKEN_REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'AADSTS7000222',
    'The client secret has expired. Make a new one under Certificates & secrets of the app registration, set MicrosoftAppPassword, and restart.',
  ],
  [
    'AADSTS7000215',
    'This is not a client secret of the app. Copy the value of the secret, not its ID, into MicrosoftAppPassword, and restart.',
  ],
  ['AADSTS700016', 'The organization has no such app. Check MicrosoftAppId and MicrosoftAppTenantId.'],
  ['AADSTS90002', 'There is no such organization. Check MicrosoftAppTenantId.'],
  ['AADSTS700027', 'The app registration does not know the certificate, or it has expired. Upload the one of MicrosoftAppCertificateFile.'],
  ['AADSTS7000112', 'The app registration is disabled. Enable it in the Entra admin center.'],
]);

/** The next step after rejected credentials, by their kind. */
export const CREDENTIAL_REMEDIES = {
  password: 'Check MicrosoftAppId, MicrosoftAppTenantId and MicrosoftAppPassword, whose secret may have expired.',
  certificate:
    'Check MicrosoftAppId and MicrosoftAppTenantId, and that the certificate of MicrosoftAppCertificateFile is uploaded to the app registration and has not expired.',
  'managed-identity': 'Check MicrosoftAppId, and that this managed identity is assigned to the machine that Creditwatch runs on.',
} as const;
