/** The app in a workspace, as somebody installed it through /slack/install. */
type SlackInstallation = { readonly account: string; readonly team: string; readonly token: string };

/** As it is read back: without its token where the key of this service does not decrypt it. */
export type StoredInstallation = Omit<SlackInstallation, 'token'> & { readonly token: string | null };

export type SlackInstallationStore = {
  /** That of these accounts; null when there is none. */
  read(accounts: readonly string[]): Promise<StoredInstallation | null>;
  /**
   * Keeps it instead of an earlier one of the same workspace, ends its purge and sends to Slack again. One service serves one
   * workspace: `other-workspace` when it has another already, and then nothing changes. One that was removed gives way before its
   * purge only if `takesOver`, and is purged by that. `by`: who installed it, a Slack user id.
   */
  save(
    installation: SlackInstallation,
    options: { readonly accounts: readonly string[]; readonly takesOver: boolean; readonly by: string; readonly now: Date },
  ): Promise<'saved' | 'other-workspace'>;
  /** Remembers that an install has come back from Slack; false when it had already. */
  useState(state: string, expiresAt: Date, now: Date): Promise<boolean>;
};
