import { expect, onTestFinished, test } from 'vitest';
import { plainMessage } from '../../src/messages/text/plain.ts';
import { createChartSupport } from '../../src/slack/api/chart-support.ts';
import { fixedToken } from '../../src/slack/api/bot-token.ts';
import { createSlackMessenger } from '../../src/slack/messenger.ts';
import { createCalls } from '../../src/slack/api/web-client.ts';
import { requesterIn, chatOver, messageOf } from '../support/chat.ts';
import { runSql } from '../support/database.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { startFakeSlack } from '../support/slack/fake-slack.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { BOT_TOKEN } from '../support/slack/adapter.ts';

const FILE = `
routes:
  - { slack: C0ALERTS, meters: all, digest: false }
  - { slack: C0OPS, operations: true }
`;
const START = '2026-11-10T09:00:00Z';
const CODE = 'workspace_is_painted_green';

/** The pipeline with the messenger of Slack itself before a Slack over HTTP. */
async function startWithSlack() {
  let pipeline: Pipeline | null = null;
  const slack = await startFakeSlack({ now: () => pipeline?.now() ?? new Date(START) });
  onTestFinished(slack.close);
  const log = recordedLog();
  const messenger = createSlackMessenger({
    ...createCalls(fixedToken(BOT_TOKEN), slack.apiUrl, log),
    charts: createChartSupport(log),
    log,
  });
  pipeline = await startPipeline(FILE, START, {}, messenger);
  const posts = (channel: string) => slack.calls.all.filter((call) => call.method === 'chat.postMessage' && call.channel === channel);
  return { pipeline, slack, posts };
}

async function alertsIn(pipeline: Pipeline): Promise<string> {
  const clock = { now: () => pipeline.now(), sleep: () => Promise.resolve() };
  return plainMessage(messageOf(await chatOver(pipeline.store, clock).answer('alerts', requesterIn('default'))), {
    timeZone: 'UTC',
    now: clock.now(),
  });
}

test('a code of Slack that nobody knows is tried for an hour, then told to operations by its name; the channel stays on', async () => {
  const { pipeline, slack, posts } = await startWithSlack();
  slack.always('chat.postMessage', { kind: 'error', error: CODE }, 'C0ALERTS');
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-10T09:55:00Z');
  expect(posts('C0ALERTS').length).toBeGreaterThan(20);
  expect(posts('C0OPS')).toEqual([]);
  expect(await runSql(pipeline.url, 'SELECT DISTINCT status FROM delivery')).toEqual([{ status: 'pending' }]);

  await pipeline.goTo('2026-11-10T10:15:00Z');
  const [told, ...more] = slack.messages('C0OPS');
  expect(more).toEqual([]);
  expect(JSON.stringify(told?.blocks)).toContain(CODE);
  expect(JSON.stringify(told?.blocks)).toMatch(/Leads is already at 85/);
  expect(await alertsIn(pipeline)).toContain(CODE);
  expect(await runSql(pipeline.url, "SELECT disabled_reason FROM destination WHERE address = 'C0ALERTS'")).toEqual([
    { disabled_reason: null },
  ]);
  const tried = posts('C0ALERTS').length;
  await pipeline.goTo('2026-11-10T12:00:00Z');
  expect(posts('C0ALERTS')).toHaveLength(tried);
  expect(slack.messages('C0OPS')).toHaveLength(1);

  slack.always('chat.postMessage', null, 'C0ALERTS');
  await pipeline.push([{ meter: 'leads', used: 1000, total: 1000 }]);
  expect(slack.messages('C0ALERTS').map(({ text }) => text)).toEqual([expect.stringContaining('Leads is used up')]);
});

test('a code of Slack that nobody knows and that passes costs nothing: the alert stands there once', async () => {
  const { pipeline, slack, posts } = await startWithSlack();
  slack.script(
    'chat.postMessage',
    [
      { kind: 'error', error: CODE },
      { kind: 'error', error: 'another_new_one' },
    ],
    'C0ALERTS',
  );
  await pipeline.push([{ meter: 'leads', used: 850, total: 1000 }]);
  await pipeline.goTo('2026-11-10T09:05:00Z');
  expect(posts('C0ALERTS')).toHaveLength(3);
  expect(slack.messages('C0ALERTS')).toHaveLength(1);
  expect(slack.messages('C0OPS')).toEqual([]);
});
