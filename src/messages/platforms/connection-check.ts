const COPY_SECRET = 'Copy the Signing Secret from Basic Information of your Slack app into SLACK_SIGNING_SECRET, and restart.';

/** What `doctor` found out about the connection to Slack. */
export type SlackChecked =
  | { readonly kind: 'no-database' }
  /** `at`: the address that Slack calls; null with Socket Mode. */
  | { readonly kind: 'connected'; readonly team: string; readonly at: string | null }
  | { readonly kind: 'request-refused'; readonly why: 'signature' | 'clock'; readonly at: Date }
  | { readonly kind: 'request-accepted'; readonly at: Date }
  /** `isUsual`: the secret has the form of Slack's. */
  | { readonly kind: 'no-request'; readonly isRunning: boolean; readonly isUsual: boolean };

/** Words the result of a check of Slack. */
export function slackCheckedText(checked: SlackChecked): string {
  switch (checked.kind) {
    case 'no-database':
      return 'installed by OAuth. The token is in the database, which is not available now';
    case 'connected':
      return `connected to ${checked.team}, ${checked.at === null ? 'Socket Mode' : `HTTP at ${checked.at}`}`;
    case 'request-refused': {
      const latest = `the latest one (${checked.at.toISOString()}) was refused with 401, because`;
      return checked.why === 'signature'
        ? `${latest} SLACK_SIGNING_SECRET does not match its signature. ${COPY_SECRET}`
        : `${latest} its timestamp is more than five minutes off. Correct the clock of this machine.`;
    }
    case 'request-accepted':
      return `SLACK_SIGNING_SECRET matches, as of the request at ${checked.at.toISOString()}`;
    case 'no-request': {
      const why = checked.isRunning ? 'no request since the start' : 'the service is not running';
      const odd = ` It does not look like one of Slack's, which are 32 digits and letters from a to f. If commands fail: ${COPY_SECRET}`;
      return `${why}, so SLACK_SIGNING_SECRET is not verified: type /usage in Slack once.${checked.isUsual ? '' : odd}`;
    }
  }
}

/** Words the result of a check of Teams. `at`: the address that Teams calls. */
export function teamsCheckedText(checked: 'anonymous' | { readonly appId: string; readonly at: string }): string {
  return checked === 'anonymous'
    ? 'TEAMS_ALLOW_ANONYMOUS is on, for an emulator on this machine: senders are not authenticated'
    : `Microsoft accepts the credentials of ${checked.appId}; messages come to ${checked.at}`;
}
