/** What the bot cannot do without; the reason of each stands beside it in manifest.yml. */
export const requiredScopes = ['commands', 'chat:write'] as const;
