/** What the bot cannot do without; the reason of each stands beside it in manifest.yml. */
export const requiredScopes = ['commands', 'chat:write'] as const;

/** What makes it better: posting uninvited, and looking up whether a message landed. */
export const optionalScopes = ['chat:write.public', 'channels:history', 'groups:history'] as const;
