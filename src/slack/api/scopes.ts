/** What the bot cannot do without; the reason of each stands beside it in manifest.yml. */
export const requiredScopes = ['commands', 'chat:write'] as const;

/** What makes it better: posting uninvited, looking up whether a message landed, and knowing who is an administrator or a guest. */
export const optionalScopes = ['chat:write.public', 'channels:history', 'groups:history', 'users:read'] as const;

/** Whether a token may look messages up. When Slack does not say, it may. */
export function mayReadMessages(scopes: readonly string[] | null): boolean {
  return scopes === null || scopes.some((scope) => scope.endsWith(':history'));
}
