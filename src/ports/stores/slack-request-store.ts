/** What Slack has handed over, shared by all processes. */
export type SlackRequestStore = {
  /**
   * Takes a request of Slack, once. Throws StoreUnavailable when the database is away.
   *
   * @param id Slack's own: of a command, a press or a form its `trigger_id`, of an event its `event_id`
   * @param claimant a UUID that names who takes it: the same one is let through again, so that what failed halfway can be repeated
   * @param expiresAt until when it is remembered
   * @returns false when another one has taken it
   */
  claim(id: string, claimant: string, expiresAt: Date, now: Date): Promise<boolean>;
};
