import { publicAddress, type Config, type SlackConfig } from '../config/config.ts';
import { openBotToken } from '../app/slack.ts';
import type { BotToken } from '../slack/api/bot-token.ts';
import { systemClock } from '../app/system-clock.ts';
import { findService } from '../local-api/service-file.ts';
import { seenSlackRequests } from '../local-api/client.ts';
import { logFor } from './configure.ts';
import type { Finding } from './doctor-routes.ts';
import { noChatAdapter } from './no-chat-adapter.ts';
import { lookAtDatabase } from './open-database.ts';
import type { Terminal } from './terminal.ts';

const what = 'Slack';

/** Whether Slack takes the bot token: that of the environment, or that of the installation in the database. */
export async function slackFinding(terminal: Terminal, config: Config): Promise<Finding> {
  const { slack } = config;
  if (slack === null) return { what, state: 'off', says: 'SLACK_BOT_TOKEN is not set. README.md, "Connect Slack", has five steps.' };
  const log = logFor(terminal, { ...config, logLevel: 'silent' });
  // What the database lacks is said with it.
  const opened = slack.installation.kind === 'oauth' ? await lookAtDatabase(config, { openStore: terminal.openStore }) : null;
  const open = opened?.ok ? opened.value : null;
  try {
    if (slack.installation.kind === 'oauth' && open === null)
      return { what, state: 'off', says: 'installed by OAuth, as the database knows, which is not there now' };
    const slackInstallation = open?.store.slackInstallation ?? { read: async () => null };
    return await tokenFinding(
      terminal,
      config,
      slack,
      await openBotToken(slack, { config, store: { slackInstallation }, clock: systemClock, log }),
    );
  } finally {
    await open?.close();
  }
}

/** What Slack signs its requests with, in the form that it has always had (docs.slack.dev/authentication/verifying-requests-from-slack). */
const USUAL_SECRET = /^[0-9a-f]{32}$/;
const COPY_SECRET = 'Copy the Signing Secret from Basic Information of your Slack app into SLACK_SIGNING_SECRET, and restart.';

/** Over HTTP, whether the running service takes what Slack sends: the signing secret cannot be tried out in any other way. */
export async function slackRequestsFindings({ slack, dataDir }: Config): Promise<readonly Finding[]> {
  if (slack?.transport.kind !== 'http') return [];
  const requests = 'Slack requests';
  const running = await findService(dataDir);
  const seen = running && (await seenSlackRequests(running));
  const { acceptedAt, refused } = seen ?? { acceptedAt: null, refused: null };
  if (refused !== null && (acceptedAt === null || refused.at > acceptedAt)) {
    const at = refused.at.toISOString();
    return [
      refused.why === 'signature'
        ? {
            what: requests,
            state: 'bad',
            says: `the latest one (${at}) was refused with 401, because SLACK_SIGNING_SECRET does not match its signature. ${COPY_SECRET}`,
          }
        : {
            what: requests,
            state: 'bad',
            says: `the latest one (${at}) was refused with 401, because its timestamp is more than five minutes off. Set the clock of this machine right.`,
          },
    ];
  }
  if (acceptedAt !== null)
    return [{ what: requests, state: 'ok', says: `SLACK_SIGNING_SECRET matches, as of the request at ${acceptedAt.toISOString()}` }];
  const unproven = running === null ? 'the service is not running' : 'none came since the start';
  const odd = USUAL_SECRET.test(slack.transport.signingSecret)
    ? ''
    : ` It does not look like one of Slack's, which are 32 digits and letters from a to f. If commands fail: ${COPY_SECRET}`;
  return [{ what: requests, state: 'off', says: `${unproven}, so SLACK_SIGNING_SECRET is not verified: type /usage in Slack once.${odd}` }];
}

async function tokenFinding(terminal: Terminal, config: Config, slack: SlackConfig, token: BotToken): Promise<Finding> {
  const absence = token.absence();
  if (absence !== null) return { what, state: 'bad', says: `${absence.reason}. ${absence.remedy}` };
  const { createSlackAdapter } = await import('../slack/adapter.ts');
  const adapter = createSlackAdapter({
    ...slack,
    token,
    clock: systemClock,
    log: logFor(terminal, { ...config, logLevel: 'silent' }),
    chat: noChatAdapter,
    accountOf: () => null,
  });
  const checked = await adapter.checkCredentials();
  await adapter.stop();
  if (checked.ok)
    return {
      what,
      state: 'ok',
      says: `connected to ${checked.value.team}, ${slack.transport.kind === 'socket' ? 'Socket Mode' : `HTTP at ${publicAddress(config, '/slack/events')}`}`,
    };
  return { what, state: 'bad', says: `${checked.error.reason}. ${token.remedy ?? checked.error.remedy}` };
}
