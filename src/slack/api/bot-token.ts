/** Whose token the calls to Slack are made with. It may come, change and go while the service runs. */
export type BotToken = {
  /** From memory; null: `absence` says why. */
  current(): string | null;
  /** Why there is none, and what the operator does about it; null while there is one. */
  absence(): { readonly reason: string; readonly remedy: string } | null;
  /** The workspace that it was installed in; null where only Slack knows. */
  team(): string | null;
  /** Whether it is that of a workspace, as far as is known here: of a token from the environment only Slack knows. */
  serves(teamId: string): boolean;
  /** The same as `current` after a look at what is stored: another process may have taken a newer one. */
  refresh(): Promise<string | null>;
  /** What the operator does about a token that is dead; null: as `rejections` say, by SLACK_BOT_TOKEN. */
  readonly remedy: string | null;
};

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
