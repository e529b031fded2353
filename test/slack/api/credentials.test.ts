import { describe, expect, it, onTestFinished } from 'vitest';
import { checkCredentials } from '../../../src/slack/api/credentials.ts';
import { fixedToken } from '../../../src/slack/api/bot-token.ts';
import { createWebClient } from '../../../src/slack/api/web-client.ts';
import { startFakeSlack } from '../../support/slack/fake-slack.ts';
import { recordedLog } from '../../support/slack/recorded-log.ts';
import { BOT_TOKEN } from '../../support/slack/adapter.ts';
import { CHECK_CONNECTION } from '../../../src/messages/platforms/slack-errors.ts';

async function prepare(scopes?: readonly string[], token = BOT_TOKEN) {
  const slack = await startFakeSlack(scopes && { scopes });
  onTestFinished(slack.close);
  return { slack, client: createWebClient(fixedToken(token), slack.apiUrl, recordedLog()) };
}

describe('the bot token', () => {
  it('is good when Slack knows it and it may do what it has to', async () => {
    const { client } = await prepare(['chat:write', 'commands']);
    expect(await checkCredentials(client)).toEqual({ ok: true, value: { team: 'Fake', bot: 'creditwatch' } });
  });

  it.each([
    [['commands'], 'The bot token lacks chat:write'],
    [['channels:history'], 'The bot token lacks commands and chat:write'],
  ])('with the scopes %s lacks some, which are named with where to add them', async (scopes, reason) => {
    const { client } = await prepare(scopes);
    expect(await checkCredentials(client)).toEqual({
      ok: false,
      error: { reason, remedy: 'Add it under OAuth & Permissions, then install the app to the workspace again.' },
    });
  });

  it('that Slack does not accept is refused with the next step', async () => {
    const { client } = await prepare(undefined, 'xoxp-of-a-person');
    expect(await checkCredentials(client)).toEqual({
      ok: false,
      error: {
        reason: expect.stringContaining('(invalid_auth)'),
        remedy: 'Install the app to the workspace again and put its bot token into SLACK_BOT_TOKEN.',
      },
    });
  });

  it('cannot be checked while Slack is away, which is said as such', async () => {
    const { slack, client } = await prepare();
    slack.script('auth.test', [{ kind: 'status', status: 503 }]);
    expect(await checkCredentials(client)).toEqual({
      ok: false,
      error: { reason: expect.stringContaining('HTTP 503'), remedy: CHECK_CONNECTION },
    });
  });
});
