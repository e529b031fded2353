/** The workspace and the organization of a bot token. They never change for one token. */
export type SlackIdentity = { readonly team: string; readonly enterprise: string | null };

/**
 * Stores the identity of the bot token, for use when Slack does not answer.
 *
 * @throws {StoreUnavailable} from every method, if the database does not answer.
 */
export type SlackIdentityStore = {
  /** The stored identity of a token; null if there is none, or if the workspace was purged since. */
  read(token: string): Promise<SlackIdentity | null>;
  /** Stores the identity for the account of the workspace, in place of that of an earlier token. */
  keep(account: string, token: string, identity: SlackIdentity, now: Date): Promise<void>;
};
