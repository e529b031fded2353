/** What the bot cannot do without; the reason of each stands beside it in manifest.yml. */
export const requiredScopes = ['commands', 'chat:write'] as const;

/** What makes it better: posting uninvited, looking up whether a message landed, and knowing who is an administrator or a guest. */
export const optionalScopes = ['chat:write.public', 'channels:history', 'groups:history', 'users:read'] as const;
