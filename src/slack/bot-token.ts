/** Whose token the calls to Slack are made with. It may come, change and go while the service runs. */
export type BotToken = {
  /** From memory. Null: the app is in no workspace. */
  current(): string | null;
  /** Whether it is that of a workspace, as far as is known here: of a token from the environment only Slack knows. */
  serves(teamId: string): boolean;
  /** The same as `current` after a look at what is stored: another process may have taken a newer one. */
  refresh(): Promise<string | null>;
  /** What the operator does about a token that is missing or dead; null: as `rejections` say, by SLACK_BOT_TOKEN. */
  readonly remedy: string | null;
};

export function fixedToken(token: string): BotToken {
  return { current: () => token, serves: () => true, refresh: () => Promise.resolve(token), remedy: null };
}
