import { expect, test } from 'vitest';
import { dataFolder, killDatabase, startProcess } from '../support/app.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, firstSaid } from '../support/slack/connected.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

test('an alert that Slack refused with 503 arrives once after everything was killed and started again', async () => {
  const slack = await connectedSlack();
  const options = { dataDir: dataFolder(), file: ROUTE, env: slack.env };
  slack.always('chat.postMessage', { kind: 'status', status: 503 });
  const first = await startProcess(options);
  expect((await first.push({ readings: [readingNow('leads', 800)] })).status).toBe(202);
  await slack.calls.next(({ method }) => method === 'chat.postMessage');
  await first.kill();
  await killDatabase(options.dataDir);
  expect(slack.messages()).toEqual([]);

  slack.always('chat.postMessage', null);
  const second = await startProcess(options);
  expect((await slack.arrival('C0ALERTS', 20_000)).text).toContain('Leads is already at 80%');
  await second.push({ readings: [readingNow('leads', 801), readingNow('leads', 1000)] });
  await slack.arrival('C0ALERTS');
  expect(slack.messages()).toHaveLength(2);
  expect(await second.stop()).toBe(0);
}, 60_000);

test('killed after Slack took the post and before it said so: found in the history, not posted again', async () => {
  const slack = await connectedSlack();
  const options = { dataDir: dataFolder(), file: ROUTE, env: slack.env };
  slack.script('chat.postMessage', [{ kind: 'hang', accepted: true }]);
  const first = await startProcess(options);
  await first.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0ALERTS');
  await first.kill();
  await killDatabase(options.dataDir);

  const second = await startProcess(options);
  await slack.calls.next(({ method }) => method === 'conversations.history', 20_000);
  await second.push({ readings: [readingNow('leads', 1000)] });
  await slack.arrival('C0ALERTS');
  expect(slack.messages().map((message) => firstSaid(message).split(' · ')[0])).toEqual([
    '🟠 Leads is already at 80%',
    '🔴 Leads is used up (100%)',
  ]);
}, 60_000);

test('the same without the right to read the history: posted at most once more, and marked as a possible repeat', async () => {
  const slack = await connectedSlack({ scopes: ['commands', 'chat:write'] });
  const options = { dataDir: dataFolder(), file: ROUTE, env: slack.env };
  slack.script('chat.postMessage', [{ kind: 'hang', accepted: true }]);
  const first = await startProcess(options);
  await first.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0ALERTS');
  await first.kill();

  const second = await startProcess(options);
  expect((await slack.arrival('C0ALERTS', 20_000)).text).toContain('This may be a repeat');
  await second.push({ readings: [readingNow('leads', 1000)] });
  expect((await slack.arrival('C0ALERTS')).text).toContain('Leads is used up');
  expect(slack.messages()).toHaveLength(3);
}, 60_000);
