import { expect, test } from 'vitest';
import { z } from 'zod';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';
import type { FakeSlackOptions } from '../support/slack/fake-slack.ts';

const ROUTE = 'routes:\n  - { slack: C0SALES, meters: all }\n';
const DAY_MS = 24 * 60 * 60_000;

/** The service with ten days of figures, of which the last ones are these, and what was said about them read. */
async function startWithDays(options: FakeSlackOptions, used: number) {
  const slack = await connectedSlack(options);
  const database = await createDatabase();
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: slack.env });
  const readings = Array.from({ length: 10 }, (_, index) => ({
    meter: 'leads',
    used: (used / 10) * (index + 1),
    total: 1000,
    observedAt: new Date(Date.now() - (9 - index) * DAY_MS).toISOString(),
  }));
  expect((await app.push({ readings })).status).toBe(202);
  const digests = () => slack.messages('C0SALES').filter(({ text }) => text.startsWith('Credits digest'));
  /** What the sweep finds on a Monday morning. */
  const fallDue = () => runSql(database.url, "UPDATE timer SET due_at = now() - interval '1 second' WHERE kind = 'digest'");
  const outcomes = async () =>
    (
      await runSql(
        database.url,
        `
    SELECT attempt.kind || ': ' || attempt.outcome AS outcome FROM attempt JOIN delivery ON delivery.id = attempt.delivery_id JOIN notification ON notification.id = delivery.notification_id
    WHERE notification.kind = 'digest' ORDER BY attempt.number`,
      )
    ).map(({ outcome }) => outcome);
  return {
    slack,
    database,
    digests,
    fallDue,
    outcomes,
    posted: () =>
      slack.calls.all.filter(({ method, args }) => method === 'chat.postMessage' && String(args['text']).startsWith('Credits digest')),
  };
}

const typesOf = (blocks: unknown) =>
  z
    .array(z.object({ type: z.string() }))
    .parse(blocks)
    .map(({ type }) => type);

test('a digest that needs attention carries a chart of the worst meter, and its words stand for it where none is seen', async () => {
  const { slack, fallDue } = await startWithDays({}, 850);
  await slack.arrival('C0SALES');
  await fallDue();
  const digest = await slack.arrival('C0SALES', 15_000);
  expect(typesOf(digest.blocks).filter((type) => type === 'data_visualization')).toHaveLength(1);
  expect(JSON.stringify(digest.blocks)).toContain('"title":"Leads: used per day"');
  expect(digest.text).toMatch(
    /^Credits digest, [^]+: 1 needs attention\. Leads 85%\n[^]*Leads: used per day: 85 \(\d+ \w{3}\) to 85 \(\d+ \w{3}\)/,
  );
});

test('where the workspace takes no charts, it is posted exactly once more, with the same figures as a table', async () => {
  const { slack, fallDue, posted, digests, outcomes } = await startWithDays({}, 850);
  await slack.arrival('C0SALES');
  slack.script('chat.postMessage', [{ kind: 'error', error: 'invalid_blocks' }], 'C0SALES');
  await fallDue();
  const digest = await slack.arrival('C0SALES', 15_000);
  await expect.poll(outcomes).toEqual(['post: retry', 'post: sent']);
  expect(posted().map(({ args }) => typesOf(args['blocks']).find((type) => ['data_visualization', 'table'].includes(type)))).toEqual([
    'data_visualization',
    'table',
  ]);
  expect(JSON.stringify(digest.blocks)).toContain('"text":"85"');
  expect(digests()).toHaveLength(1);
});

test('one with nothing to do has no chart', async () => {
  const { slack, fallDue } = await startWithDays({}, 100);
  await fallDue();
  const digest = await slack.arrival('C0SALES', 15_000);
  expect(shownText(digest.blocks)).toMatch(/^📊 Credits, .+: fine/);
  expect(typesOf(digest.blocks)).not.toContain('data_visualization');
});

test('a connection that breaks after Slack took it: the digest is found in the history, and not posted again', async () => {
  const { slack, fallDue, posted, digests, outcomes } = await startWithDays({}, 100);
  slack.script('chat.postMessage', [{ kind: 'drop', accepted: true }], 'C0SALES');
  await fallDue();
  await expect.poll(outcomes, { timeout: 15_000 }).toEqual(['post: unknown', 'lookup: sent']);
  expect([posted().length, digests().length]).toEqual([1, 1]);
});

test('the same where nobody may look: at most once more, marked, and the ledger says that it is not known', async () => {
  const { slack, database, fallDue, digests, outcomes } = await startWithDays({ scopes: ['commands', 'chat:write'] }, 100);
  slack.always('chat.postMessage', { kind: 'drop', accepted: true }, 'C0SALES');
  await fallDue();
  await expect
    .poll(outcomes, { timeout: 15_000 })
    .toEqual(['post: unknown', 'lookup: unavailable', 'repost: unknown', 'lookup: unavailable']);
  expect(
    await runSql(
      database.url,
      "SELECT delivery.status FROM delivery JOIN notification ON notification.id = notification_id WHERE kind = 'digest'",
    ),
  ).toEqual([{ status: 'unknown' }]);
  expect(digests().map(({ text }) => text.includes('This may be a repeat'))).toEqual([false, true]);
});
