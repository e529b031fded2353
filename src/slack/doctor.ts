import { z } from 'zod';
import { noChat } from '../chat/no-chat.ts';
import type { CheckParts, Finding } from '../chat/platform.ts';
import { publicAddress } from '../http/public-address.ts';
import { createSlackAdapter } from './adapter.ts';
import type { BotToken } from './api/bot-token.ts';
import { openBotToken } from './open.ts';
import type { SlackSettings } from './settings.ts';

const what = 'Slack';

/** Checks whether Slack accepts the bot token, and whether the running service accepts Slack's requests. */
export async function checkSlack(settings: SlackSettings, parts: CheckParts): Promise<readonly Finding[]> {
  return [await installationFinding(settings, parts), ...(await requestFindings(settings, parts))];
}

/** Checks the bot token of the environment, or of the installation in the database. */
async function installationFinding(settings: SlackSettings, parts: CheckParts): Promise<Finding> {
  // Another finding reports the problems of the database.
  const open = settings.installation.kind === 'oauth' ? await parts.openStore() : null;
  try {
    if (settings.installation.kind === 'oauth' && open === null)
      return { what, state: 'off', says: 'installed by OAuth, as the database knows, which is not there now' };
    const slackInstallation = open?.store.slackInstallation ?? { read: async () => null };
    return await tokenFinding(settings, parts, await openBotToken(settings, { ...parts, store: { slackInstallation } }));
  } finally {
    await open?.close();
  }
}

/** The requests to `POST /slack/events` since the start. */
const seenSchema = z.object({
  acceptedAt: z.coerce.date().nullable(),
  refused: z.object({ at: z.coerce.date(), why: z.enum(['signature', 'clock']) }).nullable(),
});

/** The usual form of Slack's signing secrets (docs.slack.dev/authentication/verifying-requests-from-slack). */
const USUAL_SECRET = /^[0-9a-f]{32}$/;
const COPY_SECRET = 'Copy the Signing Secret from Basic Information of your Slack app into SLACK_SIGNING_SECRET, and restart.';

/** Over HTTP: checks whether the running service accepts Slack's requests. A signing secret can be verified only by a signed request. */
async function requestFindings({ transport }: SlackSettings, { status }: CheckParts): Promise<readonly Finding[]> {
  if (transport.kind !== 'http') return [];
  const requests = 'Slack requests';
  const running = await status();
  const seen = seenSchema.safeParse(running === 'stopped' ? null : running);
  const { acceptedAt, refused } = seen.data ?? { acceptedAt: null, refused: null };
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
  const unproven = running === 'stopped' ? 'the service is not running' : 'none came since the start';
  const odd = USUAL_SECRET.test(transport.signingSecret)
    ? ''
    : ` It does not look like one of Slack's, which are 32 digits and letters from a to f. If commands fail: ${COPY_SECRET}`;
  return [{ what: requests, state: 'off', says: `${unproven}, so SLACK_SIGNING_SECRET is not verified: type /usage in Slack once.${odd}` }];
}

async function tokenFinding(settings: SlackSettings, parts: CheckParts, token: BotToken): Promise<Finding> {
  const absence = token.absence();
  if (absence !== null) return { what, state: 'bad', says: `${absence.reason}. ${absence.remedy}` };
  const { clock, log } = parts;
  const adapter = createSlackAdapter({ ...settings, token, clock, log, chat: noChat, accountOf: () => null });
  const checked = await adapter.checkCredentials();
  await adapter.stop();
  if (checked.ok)
    return {
      what,
      state: 'ok',
      says: `connected to ${checked.value.team}, ${settings.transport.kind === 'socket' ? 'Socket Mode' : `HTTP at ${publicAddress(parts, '/slack/events')}`}`,
    };
  return { what, state: 'bad', says: `${checked.error.reason}. ${token.remedy ?? checked.error.remedy}` };
}
