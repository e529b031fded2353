import { z } from 'zod';
import { noChat } from '../chat/no-chat.ts';
import type { CheckParts, Finding } from '../chat/platform.ts';
import { publicAddress } from '../http/public-address.ts';
import { problemText } from '../messages/platforms/call-failure.ts';
import { slackCheckedText, type SlackChecked } from '../messages/platforms/connection-check.ts';
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
      return { what, state: 'off', says: slackCheckedText({ kind: 'no-database' }) };
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

/** Over HTTP: checks whether the running service accepts Slack's requests. A signing secret can be verified only by a signed request. */
async function requestFindings({ transport }: SlackSettings, { status }: CheckParts): Promise<readonly Finding[]> {
  if (transport.kind !== 'http') return [];
  const finding = (state: Finding['state'], checked: SlackChecked): Finding => ({
    what: 'Slack requests',
    state,
    says: slackCheckedText(checked),
  });
  const running = await status();
  const seen = seenSchema.safeParse(running === 'stopped' ? null : running);
  const { acceptedAt, refused } = seen.data ?? { acceptedAt: null, refused: null };
  if (refused !== null && (acceptedAt === null || refused.at > acceptedAt))
    return [finding('bad', { kind: 'request-refused', ...refused })];
  if (acceptedAt !== null) return [finding('ok', { kind: 'request-accepted', at: acceptedAt })];
  const isUsual = USUAL_SECRET.test(transport.signingSecret);
  return [finding('off', { kind: 'no-request', isRunning: running !== 'stopped', isUsual })];
}

async function tokenFinding(settings: SlackSettings, parts: CheckParts, token: BotToken): Promise<Finding> {
  const absence = token.absence();
  if (absence !== null) return { what, state: 'bad', says: problemText(absence) };
  const { clock, log } = parts;
  const adapter = createSlackAdapter({ ...settings, token, clock, log, chat: noChat, accountOf: () => null });
  const checked = await adapter.checkCredentials();
  await adapter.stop();
  if (checked.ok) {
    const at = settings.transport.kind === 'socket' ? null : publicAddress(parts, '/slack/events');
    return { what, state: 'ok', says: slackCheckedText({ kind: 'connected', team: checked.value.team, at }) };
  }
  return { what, state: 'bad', says: problemText({ ...checked.error, ...(token.remedy !== null && { remedy: token.remedy }) }) };
}
