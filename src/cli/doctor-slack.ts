import { publicAddress, type Config, type SlackConfig } from '../config/config.ts';
import { openBotToken } from '../service-slack.ts';
import type { BotToken } from '../slack/bot-token.ts';
import { systemClock } from '../system-clock.ts';
import { logFor } from './configure.ts';
import type { Finding } from './doctor-routes.ts';
import { noChat } from './no-chat.ts';
import { lookAtDatabase } from './open-database.ts';

const what = 'Slack';

/** Whether Slack takes the bot token: that of the environment, or that of the installation in the database. */
export async function slackFinding(config: Config): Promise<Finding> {
  const { slack } = config;
  if (slack === null) return { what, state: 'off', says: 'SLACK_BOT_TOKEN is not set. README.md, "Connect Slack", has five steps.' };
  const log = logFor({ ...config, logLevel: 'silent' });
  // What the database lacks is said with it.
  const opened = slack.installation.kind === 'oauth' ? await lookAtDatabase(config) : null;
  const open = opened?.ok ? opened.value : null;
  try {
    if (slack.installation.kind === 'oauth' && open === null)
      return { what, state: 'off', says: 'installed by OAuth, as the database knows, which is not there now' };
    const slackInstallation = open?.store.slackInstallation ?? { read: async () => null };
    return await tokenFinding(config, slack, await openBotToken(slack, { config, store: { slackInstallation }, clock: systemClock, log }));
  } finally {
    await open?.close();
  }
}

async function tokenFinding(config: Config, slack: SlackConfig, token: BotToken): Promise<Finding> {
  const absence = token.absence();
  if (absence !== null) return { what, state: 'bad', says: `${absence.reason}. ${absence.remedy}` };
  const { createSlackRoom } = await import('../slack/room.ts');
  const room = createSlackRoom({
    ...slack,
    token,
    clock: systemClock,
    log: logFor({ ...config, logLevel: 'silent' }),
    chat: noChat,
    accountOf: () => null,
  });
  const checked = await room.checkCredentials();
  await room.stop();
  if (checked.ok)
    return {
      what,
      state: 'ok',
      says: `connected to ${checked.value.team}, ${slack.transport.kind === 'socket' ? 'Socket Mode' : `HTTP at ${publicAddress(config, '/slack/events')}`}`,
    };
  return { what, state: 'bad', says: `${checked.error.reason}. ${token.remedy ?? checked.error.remedy}` };
}
