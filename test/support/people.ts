import type { Person } from '../../src/core/text/person.ts';

export function slackUser(id: string): Person {
  return { platform: 'slack', id };
}

export function teamsUser(id: string): Person {
  return { platform: 'teams', id };
}
