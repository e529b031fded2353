import { expect, test } from 'vitest';
import { dataFolder, startApp } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

async function startRouted(file = ROUTE) {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const options = { dataDir: dataFolder(), databaseUrl: database.url, file, env: slack.env };
  return { slack, database, options, app: await startApp(options) };
}

test('a worse severity is a new message and the older one points to it; a top-up edits both and adds one line in the thread of the newer', async () => {
  const { slack, app } = await startRouted();
  await app.push({ readings: [readingNow('leads', 850)] });
  const warning = await slack.arrival('C0ALERTS');
  await app.push({ readings: [readingNow('leads', 1001)] });
  const critical = await slack.arrival('C0ALERTS');
  await expect.poll(() => warning.text, { timeout: 10_000 }).toContain('Now 100%: see the newer message →');

  await app.push({ readings: [readingNow('leads', 1001, 2500)] });
  const line = await slack.arrival('C0ALERTS', 10_000);
  expect(line.args['thread_ts']).toBe(critical.ts);
  expect(line.text).toContain('✅ Leads: topped up by 1,500.');
  expect(shownText(critical.blocks)).toMatch(/^✅ Leads is fine again: 40%\n1,001 \/ 2,500 used · 1,499 left/);
  await expect.poll(() => shownText(warning.blocks), { timeout: 10_000 }).toMatch(/^✅ Leads is fine again: 40%\n/);
  expect(JSON.stringify(warning.blocks)).not.toContain('"button"');
  expect(slack.messages()).toHaveLength(3);
});

test('what waits together goes out as one summary, and an alert that has resolved meanwhile is not posted late', async () => {
  const { slack, database, app } = await startRouted();
  slack.always('chat.postMessage', { kind: 'status', status: 503 });
  await app.push({ readings: [readingNow('leads', 850), readingNow('tokens', 1000), readingNow('gone', 900)] });
  await slack.calls.next(({ method }) => method === 'chat.postMessage');
  await app.push({ readings: [readingNow('gone', 100)] });
  await app.push({ readings: [readingNow('leads', 1000)] });
  slack.always('chat.postMessage', null);
  const summary = await slack.arrival('C0ALERTS', 15_000);
  expect(shownText(summary.blocks).split('\n').slice(0, 3)).toEqual([
    '🔴 2 meters need attention',
    '🔴 Tokens is already at 100%: 1,000 / 1,000 used · 0 left',
    '🔴 Leads is used up (100%): 1,000 / 1,000 used · 0 left',
  ]);
  await expect
    .poll(() => runSql(database.url, "SELECT DISTINCT status FROM delivery WHERE status NOT IN ('sent', 'dropped')"), { timeout: 10_000 })
    .toEqual([]);
  expect(slack.messages()).toHaveLength(1);
});

test('a reset closes the message where it stands: no colour of an alert, no buttons, and nothing is posted', async () => {
  const { slack, app } = await startRouted();
  await app.push({ readings: [readingNow('leads', 1001)] });
  const alert = await slack.arrival('C0ALERTS');
  expect(JSON.stringify(alert.args)).toContain('acknowledge');
  // A fall that nothing explains is believed with the second figure that says so.
  await app.push({ readings: [readingNow('leads', 3)] });
  await app.push({ readings: [readingNow('leads', 3)] });
  await expect
    .poll(() => shownText(alert.blocks), { timeout: 10_000 })
    .toMatch(/^⚪ Leads: closed, figures reset on \d+ \w{3}\n3 \/ 1,000 used/);
  expect(JSON.stringify(alert.blocks)).not.toContain('"button"');
  expect(slack.messages()).toHaveLength(1);
});

test('one ingest is one message', async () => {
  const { slack, app } = await startRouted();
  await app.push({ readings: ['a', 'b', 'c'].map((meter) => readingNow(meter, 850)) });
  expect((await slack.arrival('C0ALERTS')).text).toContain('3 meters need attention: A, B, C');
  await app.push({ readings: [readingNow('a', 1000)] });
  expect((await slack.arrival('C0ALERTS')).text).toContain('A is used up');
  expect(slack.messages()).toHaveLength(2);
});

test('a rule that is gone closes its message at the restart that applies the file, without a reading, and the next restart changes nothing', async () => {
  const { slack, options, app } = await startRouted(`rules: [{ kind: threshold, meters: all, levels: [50%] }]\n${ROUTE}`);
  await app.push({ readings: [readingNow('leads', 600)] });
  const alert = await slack.arrival('C0ALERTS');
  await app.stop();
  const again = await startApp({ ...options, file: ROUTE });
  await expect
    .poll(() => shownText(alert.blocks), { timeout: 10_000 })
    .toMatch(/^⚪ Leads: closed, its rule was changed or removed \(\d+ \w{3}\)\n600 \/ 1,000 used/);
  expect(JSON.stringify(alert.blocks)).not.toContain('"button"');
  await again.stop();
  const third = await startApp({ ...options, file: ROUTE });
  await third.push({ readings: [readingNow('other', 900)] });
  await slack.arrival('C0ALERTS');
  expect(slack.messages()).toHaveLength(2);
  expect(slack.calls.all.filter(({ method }) => method === 'chat.update')).toHaveLength(1);
}, 60_000);
