/**
 * Shared by the messenger and the descriptor of Slack. Slack accepts about one message a second in a channel
 * (docs.slack.dev/apis/web-api/rate-limits).
 */
export const SLACK = {
  id: 'slack',
  paceMs: 1000,
  can: { edit: true, reply: true, find: true },
} as const;
