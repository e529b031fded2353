import { z } from 'zod';
import type { Connection, Platform } from '../chat/platform.ts';
import { publicAddress } from '../http/public-address.ts';
import { TEAMS_SETTINGS, readTeams, type TeamsSettings } from './settings.ts';
import { isTeamsUser } from './views/people.ts';
import { TEAMS } from './traits.ts';

/**
 * `19:…@thread.tacv2` for a channel, `19:…@thread.v2` for a group chat, `a:…` for a person. A link to a message also contains
 * `;messageid=`, which is not a part of the address.
 */
const address = z
  .string()
  .refine((id) => !id.startsWith('http'), {
    error: 'must be the id in the link, not the link: 19:…@thread.tacv2, with %3A as : and %40 as @',
    abort: true,
  })
  .regex(
    /^(?:19:[^\s;]+@(?:thread\.(?:tacv2|v2|skype)|unq\.gbl\.spaces)|a:\S+)$/,
    'must be the id of a Teams conversation: 19:…@thread.tacv2, from "Get link to channel"',
  );

/** The platform of Microsoft Teams through a bot: channels, group chats and chats with one person. */
export const teams: Platform = {
  ...TEAMS,
  name: 'Teams',
  route: { key: 'teams', written: address },
  workspacesKey: 'teamsTenants',
  // A chat of one person with the bot, or the person's own ID. Channels and groups start with `19:`.
  isPerson: (id) => id.startsWith('a:') || isTeamsUser(id),
  setUp: { variable: 'MicrosoftAppId', guide: 'docs/teams.md', steps: 'docs/teams.md has the steps.' },
  settings: TEAMS_SETTINGS,
  configure(environment) {
    const settings = readTeams(environment);
    return settings && connectionOf(settings, environment);
  },
};

function connectionOf(settings: TeamsSettings, environment: { readonly publicUrl: string | null }): Connection {
  const { identity } = settings;
  return {
    secrets: identity.kind === 'password' ? [identity.password] : identity.kind === 'certificate' ? [identity.privateKey] : [],
    mode: identity.kind,
    reachedBy: `${identity.kind === 'anonymous' ? 'anonymous, for an emulator' : 'HTTP'} at ${publicAddress(environment, '/api/messages')}`,
    notes: [],
    check: async (parts) => (await import('./open.ts')).checkTeams(settings, parts),
    open: async (parts) => (await import('./open.ts')).openTeams(settings, parts),
    openMessenger: async (parts) => (await import('./open.ts')).openTeamsMessenger(settings, parts),
  };
}
