/** The required scopes. manifest.yml has the reason for each. */
export const requiredScopes = ['commands', 'chat:write'] as const;

/**
 * The optional scopes: to post in public channels without an invitation, to look up whether a message was posted, and to know who is an
 * administrator or a guest.
 */
export const optionalScopes = ['chat:write.public', 'channels:history', 'groups:history', 'users:read'] as const;

/** Whether a token may look messages up. True if Slack did not list the scopes. */
export function mayReadMessages(scopes: readonly string[] | null): boolean {
  return scopes === null || scopes.some((scope) => scope.endsWith(':history'));
}
