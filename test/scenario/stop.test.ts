import { expect, test } from 'vitest';
import { dataFolder, startApp, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

test('stopped in the middle of a post: it is finished and recorded, nothing new is begun, and the rest goes out at the next start, each once', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env };
  const first = await startProcess(options);
  slack.script('chat.postMessage', [{ kind: 'ok', delayMs: 2000 }]);
  await first.push({ readings: [readingNow('leads', 900)] });
  await slack.calls.next(({ method }) => method === 'chat.postMessage', 15_000);
  await first.push({ readings: [readingNow('tokens', 900)] });
  // What does not end in time ends with another exit code.
  expect(await first.stop()).toBe(0);
  const statuses = () => runSql(database.url, 'SELECT status FROM delivery ORDER BY seq');
  expect([slack.messages().length, await statuses()]).toEqual([1, [{ status: 'sent' }, { status: 'pending' }]]);

  await startApp(options);
  await expect.poll(statuses, { timeout: 15_000 }).toEqual([{ status: 'sent' }, { status: 'sent' }]);
  expect(slack.messages().map(({ text }) => /\w+ is already at 90%/.exec(text)?.[0])).toEqual([
    'Leads is already at 90%',
    'Tokens is already at 90%',
  ]);
}, 60_000);
