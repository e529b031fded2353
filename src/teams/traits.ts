/**
 * Shared by the messenger and the descriptor of Teams. Teams accepts 7 messages in one second, 60 in 30 s and 1,800 an hour in one
 * conversation (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). The last limit is one message every 2 s.
 */
export const TEAMS = {
  id: 'teams',
  paceMs: 2000,
  can: { edit: true, reply: true, find: false },
} as const;
