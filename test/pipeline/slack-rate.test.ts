import { expect, onTestFinished, test } from 'vitest';
import { createChartSupport } from '../../src/slack/api/chart-support.ts';
import { createSlackMessenger } from '../../src/slack/messenger.ts';
import { fixedToken } from '../../src/slack/api/bot-token.ts';
import { createCalls } from '../../src/slack/api/web-client.ts';
import { startPipeline } from '../support/pipeline.ts';
import { startFakeSlack } from '../support/slack/fake-slack.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';

const FILE = `
routes:
  - { slack: C0ONE, meters: all, digest: false }
  - { slack: C0TWO, meters: all, digest: false }
`;

test('Slack says Retry-After 7: one call, the next 7 s later and no sooner, and the other channel does not wait', async () => {
  const slack = await startFakeSlack();
  onTestFinished(slack.close);
  const log = recordedLog();
  const pipeline = await startPipeline(
    FILE,
    '2026-11-02T09:00:00Z',
    {},
    createSlackMessenger({ ...createCalls(fixedToken('xoxb-test'), slack.apiUrl, log), charts: createChartSupport(log), log }),
  );
  const calls = (channel: string) =>
    slack.calls.all.filter((call) => call.method === 'chat.postMessage' && call.channel === channel).length;
  slack.script('chat.postMessage', [{ kind: 'rate-limited', retryAfterS: 7 }], 'C0ONE');

  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  expect([calls('C0ONE'), calls('C0TWO')]).toEqual([1, 1]);
  await pipeline.push([{ meter: 'tokens', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-02T09:00:06.999Z');
  expect([calls('C0ONE'), slack.messages('C0ONE').length, slack.messages('C0TWO').length]).toEqual([1, 0, 2]);
  await pipeline.goTo('2026-11-02T09:00:07Z');
  expect([calls('C0ONE'), slack.messages('C0ONE').length]).toEqual([2, 1]);
  expect(slack.messages('C0ONE')[0]?.text).toContain('2 meters need attention: Leads, Tokens');
});
