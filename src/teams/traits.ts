/**
 * What the messenger for Teams and its description both say. Teams takes 7 messages in one second, 60 in 30 s and 1,800 an hour in one
 * conversation (learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit): the last is one every two seconds.
 */
export const TEAMS = {
  id: 'teams',
  paceMs: 2000,
  can: { edit: true, reply: true, find: false },
} as const;
