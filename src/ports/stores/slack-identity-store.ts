/** Whose a bot token is: a workspace, and the organization above it. A token never changes hands. */
export type SlackIdentity = { readonly team: string; readonly enterprise: string | null };

/** What Slack said of the bot token, for the times when Slack does not answer. Each throws StoreUnavailable when the database is away. */
export type SlackIdentityStore = {
  /** What was said of this token last; null when nothing was, or the workspace was purged since. */
  read(token: string): Promise<SlackIdentity | null>;
  /** Keeps it for the account that the workspace belongs to, instead of what was said of an earlier token. */
  keep(account: string, token: string, identity: SlackIdentity, now: Date): Promise<void>;
};
