/** Deduplicates requests from Slack across all processes. */
export type SlackRequestStore = {
  /**
   * Claims a request from Slack, once.
   *
   * @param id Slack's id: the `trigger_id` of a command, a click or a form, the `event_id` of an event
   * @param claimant a UUID of the claiming process. The same claimant succeeds again, so that a request that failed halfway can be
   * repeated.
   * @param expiresAt until when the claim is remembered
   * @returns false if another claimant has the request
   * @throws {StoreUnavailable} if the database does not answer
   */
  claim(id: string, claimant: string, expiresAt: Date, now: Date): Promise<boolean>;
};
