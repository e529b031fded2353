/** The bot token for calls to Slack. It may appear, change and disappear while the service runs. */
export type BotToken = {
  /** Returns the token from memory. Null if there is none; then `absence` returns the reason. */
  current(): string | null;
  /** Returns why there is no token and what the operator can do. Null if there is a token. */
  absence(): { readonly reason: string; readonly remedy: string } | null;
  /** The workspace in which the token was installed. Null if only Slack knows. */
  team(): string | null;
  /** Whether the token belongs to a workspace. True for a token from the environment, because only Slack knows its workspace. */
  serves(teamId: string): boolean;
  /** Reads the stored token, then returns the same as `current`. Another process may have stored a newer token. */
  refresh(): Promise<string | null>;
  /** What the operator can do if Slack rejects the token. Null: the remedy in `rejections`, which names SLACK_BOT_TOKEN. */
  readonly remedy: string | null;
};

/** Returns the bot token of the environment, which never changes. */
export function fixedToken(token: string): BotToken {
  return {
    current: () => token,
    absence: () => null,
    team: () => null,
    serves: () => true,
    refresh: () => Promise.resolve(token),
    remedy: null,
  };
}
