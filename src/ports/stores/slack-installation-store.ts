/** An installation of the app in a workspace, made through /slack/install. */
type SlackInstallation = { readonly account: string; readonly team: string; readonly token: string };

/** An installation as stored. `token`: null if the key of this service does not decrypt it. */
export type StoredInstallation = Omit<SlackInstallation, 'token'> & { readonly token: string | null };

export type SlackInstallationStore = {
  /** The installation of one of these accounts; null if there is none. */
  read(accounts: readonly string[]): Promise<StoredInstallation | null>;
  /**
   * Saves an installation in place of an earlier one of the same workspace, cancels its purge and enables Slack. One service serves one
   * workspace: `other-workspace` means that another one is installed, and nothing changed. With `takesOver`, an installation that was
   * removed but not purged yet is purged and replaced. `by`: a Slack user id, the person who installed the app.
   */
  save(
    installation: SlackInstallation,
    options: { readonly accounts: readonly string[]; readonly takesOver: boolean; readonly by: string; readonly now: Date },
  ): Promise<'saved' | 'other-workspace'>;
  /** Marks an install state as used; false if it was used before. */
  useState(state: string, expiresAt: Date, now: Date): Promise<boolean>;
};
