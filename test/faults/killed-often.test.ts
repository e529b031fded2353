import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';

const CHANNELS = ['C0ONE', 'C0TWO', 'C0THREE'];
const ROUTES = `routes:\n${CHANNELS.map((channel) => `  - { slack: ${channel}, meters: all }`).join('\n')}\n`;
const ROUNDS = 4;

test(`a worker killed in the middle of posting, ${ROUNDS} times: every alert stands in every channel, once and in order`, async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { databaseUrl: database.url, file: ROUTES, env: slack.env };
  const web = await startProcess({ ...options, dataDir: dataFolder(), env: { ...slack.env, ROLE: 'web' } });
  // Long enough that a kill falls between the message and the answer about as often as after it.
  slack.always('chat.postMessage', { kind: 'ok', delayMs: 30 });
  const startWorker = () => startProcess({ ...options, dataDir: dataFolder(), env: { ...slack.env, ROLE: 'worker' } });

  for (let round = 0; round < ROUNDS; round += 1) {
    const worker = await startWorker();
    for (const meter of ['a', 'b']) await web.push({ readings: [readingNow(`${meter}${round}`, 800)] });
    await slack.calls.next(({ method }) => method === 'chat.postMessage', 20_000);
    await slack.arrival(undefined, 20_000);
    await worker.kill();
  }
  await startWorker();
  await expect
    .poll(() => runSql(database.url, 'SELECT status, count(*)::int FROM delivery GROUP BY status'), { timeout: 60_000 })
    .toEqual([{ status: 'sent', count: ROUNDS * 2 * CHANNELS.length }]);

  const expected = Array.from({ length: ROUNDS }, (_, round) => [`A${round}`, `B${round}`]).flat();
  for (const channel of CHANNELS) {
    expect(
      slack.messages(channel).flatMap(({ text }) => [...new Set([...text.matchAll(/🟠 ([AB]\d) /g)].map(([, name]) => name))]),
    ).toEqual(expected);
  }
}, 180_000);
