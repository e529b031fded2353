import { z } from 'zod';
import type { Connection, Platform } from '../chat/platform.ts';
import { publicAddress } from '../http/public-address.ts';
import { installHereText } from '../messages/platforms/slack-install.ts';
import { INSTALL_PATH } from './install/path.ts';
import { SLACK_SETTINGS, readSlack, type SlackSettings } from './settings.ts';
import { SLACK } from './traits.ts';
import { isSlackUser } from './views/mention.ts';

const address = z
  .string()
  .refine((id) => !id.startsWith('#') && !id.startsWith('@'), {
    error: 'must be an id such as C0123456789, not a name: you find it at the bottom of the channel details, under About',
    abort: true,
  })
  .regex(/^[CGDUW][A-Z0-9]{2,}$/, 'must be the id of a Slack channel (C… or G…) or of a user (U… or W…)');

/**
 * The platform of a Slack workspace: channels, group messages and direct messages. The address of a direct message is the ID of the person.
 */
export const slack: Platform = {
  ...SLACK,
  name: 'Slack',
  route: { key: 'slack', written: address },
  workspacesKey: 'slackTeams',
  isPerson: isSlackUser,
  setUp: {
    variable: 'SLACK_BOT_TOKEN',
    guide: 'README.md, "Connect Slack"',
    steps: 'README.md, "Connect Slack", has five steps.',
  },
  settings: SLACK_SETTINGS,
  configure(environment) {
    const settings = readSlack(environment);
    return settings && connectionOf(settings, environment);
  },
};

function connectionOf(settings: SlackSettings, environment: { readonly publicUrl: string | null }): Connection {
  const { installation, transport } = settings;
  const isInstalled = installation.kind === 'oauth';
  return {
    secrets: [
      installation.kind === 'oauth' ? installation.clientSecret : installation.botToken,
      transport.kind === 'http' ? transport.signingSecret : transport.appToken,
    ],
    mode: transport.kind,
    reachedBy: transport.kind === 'socket' ? 'Socket Mode' : `HTTP at ${publicAddress(environment, '/slack/events')}`,
    notes: isInstalled ? [installHereText(publicAddress(environment, INSTALL_PATH))] : [],
    check: async (parts) => (await import('./doctor.ts')).checkSlack(settings, parts),
    open: async (parts) => (await import('./open.ts')).openSlack(settings, parts),
    openMessenger: async (parts) => (await import('./open.ts')).openSlackMessenger(settings, parts),
  };
}
