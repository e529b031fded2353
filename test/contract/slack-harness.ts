import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createChartSupport } from '../../src/slack/api/chart-support.ts';
import { createSlackMessenger } from '../../src/slack/messenger.ts';
import { fixedToken } from '../../src/slack/api/bot-token.ts';
import { createCalls } from '../../src/slack/api/web-client.ts';
import type { Behaviour } from '../support/slack/behaviour.ts';
import { startFakeSlack } from '../support/slack/fake-slack.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { BOT_TOKEN } from '../support/slack/adapter.ts';
import type { Fault, MessengerHarness } from './messenger.ts';

const faults: Readonly<Record<Exclude<Fault, 'cannot be reached'>, Behaviour>> = {
  'asks to wait 7 s': { kind: 'rate-limited', retryAfterS: 7 },
  'fails and says so': { kind: 'status', status: 500 },
  'is gone': { kind: 'error', error: 'is_archived' },
  'no longer knows us': { kind: 'error', error: 'token_revoked' },
  'does not take the message': { kind: 'error', error: 'invalid_blocks' },
  'breaks off before it has taken anything': { kind: 'drop', accepted: false },
  'breaks off after it has taken everything': { kind: 'drop', accepted: true },
  'answers nonsense': { kind: 'status', status: 200 },
};

/** Buttons have no text of their own. */
const blockSchema = z.object({
  elements: z.array(z.object({ elements: z.array(z.object({ text: z.string().default('') })).default([]) })),
});

export const slackHarness: MessengerHarness = {
  kind: 'slack',
  never: [],
  open: async () => {
    const slack = await startFakeSlack();
    onTestFinished(slack.close);
    const log = recordedLog();
    return {
      messenger: createSlackMessenger({
        ...createCalls(fixedToken(BOT_TOKEN), slack.apiUrl, log),
        charts: createChartSupport(log),
        log,
      }),
      addresses: ['C1', 'C2'],
      read: (address) => slack.messages(address).map(({ blocks }) => blocks.map(readBlock).join('\n')),
      calls: () => slack.calls.all.length,
      secrets: [BOT_TOKEN, slack.apiUrl],
      now: () => new Date(),
      isAway: (away) => slack.always('conversations.history', away ? { kind: 'drop', accepted: false } : null),
      meet: async (fault) => {
        if (fault === 'cannot be reached') await slack.close();
        else slack.script('chat.postMessage', [faults[fault]]);
      },
    };
  },
};

function readBlock(block: unknown): string {
  return blockSchema
    .parse(block)
    .elements.flatMap(({ elements }) => elements)
    .map(({ text }) => text)
    .join('');
}
