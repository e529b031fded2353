import { expect, test } from 'vitest';
import { DELIVERY_REASONS } from '../../src/messages/notices/delivery-reasons.ts';
import { dataFolder, startApp, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, firstSaid } from '../support/slack/connected.ts';

const ROUTE = 'routes:\n  - { slack: C0ALERTS, meters: all }\n';

test('a replica that was stopped in a post and goes on after another took over is fenced off: nothing twice', async () => {
  const slack = await connectedSlack();
  const database = await createDatabase();
  const start = (role: string) =>
    startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: { ...slack.env, ROLE: role } });
  const web = await start('web');
  const stopped = await start('worker');
  // It is stopped while Slack works on the post, and continued only when another replica has settled everything.
  slack.script('chat.postMessage', [{ kind: 'ok', delayMs: 1500 }]);
  await web.push({ readings: [readingNow('leads', 800)] });
  await slack.calls.next(({ method }) => method === 'chat.postMessage', 15_000);
  stopped.process.kill('SIGSTOP');
  const other = await start('worker');
  await web.push({ readings: [readingNow('leads', 1000)] });
  await expect
    .poll(() => runSql(database.url, "SELECT DISTINCT status FROM delivery WHERE action = 'post'"), { timeout: 30_000 })
    .toEqual([{ status: 'sent' }]);

  stopped.process.kill('SIGCONT');
  await expect.poll(() => stopped.output(), { timeout: 15_000 }).toContain('lease lost to another process');
  await web.push({ readings: [readingNow('other', 900)] });
  await slack.arrival('C0ALERTS', 15_000);
  await expect
    .poll(() => runSql(database.url, "SELECT DISTINCT status FROM delivery WHERE action = 'post'"), { timeout: 15_000 })
    .toEqual([{ status: 'sent' }]);
  expect(slack.messages().map((message) => firstSaid(message).split(' · ')[0])).toEqual([
    '🟠 Leads is already at 80%',
    '🔴 Leads is used up (100%)',
    '🟠 Other is already at 90%',
  ]);
  await other.stop();
}, 90_000);

test('a replica that was stopped between recording an attempt and writing it to Slack writes nothing when it goes on', async () => {
  const slack = await connectedSlack({ scopes: ['commands', 'chat:write'] });
  const database = await createDatabase();
  const start = (role: string) =>
    startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTE, env: { ...slack.env, ROLE: role } });
  const web = await start('web');
  const stopped = await start('worker');
  // The database takes its time to record an attempt, so that the worker can be stopped before it hears that it was.
  await runSql(
    database.url,
    `CREATE FUNCTION take_time() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END' LANGUAGE plpgsql;
     CREATE TRIGGER take_time BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION take_time()`,
  );
  await web.push({ readings: [readingNow('leads', 800)] });
  await expect
    .poll(() => runSql(database.url, "SELECT count(*)::int AS recording FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), {
      timeout: 15_000,
      interval: 50,
    })
    .toEqual([{ recording: 1 }]);
  stopped.process.kill('SIGSTOP');
  await start('worker');
  await slack.arrival('C0ALERTS', 30_000);
  await expect.poll(() => runSql(database.url, 'SELECT DISTINCT status FROM delivery'), { timeout: 15_000 }).toEqual([{ status: 'sent' }]);
  stopped.process.kill('SIGCONT');
  await expect.poll(() => stopped.output(), { timeout: 15_000 }).toContain('lease lost to another process');
  expect(stopped.output()).toContain(DELIVERY_REASONS.leaseExpired);
  expect(slack.calls.all.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
}, 90_000);

test('a post that takes longer than a lease is kept by the replica that makes it, and is not repeated by another', async () => {
  const slack = await connectedSlack({ scopes: ['commands', 'chat:write'] });
  const database = await createDatabase();
  const start = (role: string) =>
    startApp({
      dataDir: dataFolder(),
      databaseUrl: database.url,
      file: ROUTE,
      env: { ...slack.env, ROLE: role },
      times: { leaseMs: 2_500 },
    });
  const web = await start('web');
  for (const role of ['worker', 'worker']) await start(role);
  // Far below the time after which a post is given up, also on a busy machine.
  slack.script('chat.postMessage', [{ kind: 'ok', delayMs: 3_500 }]);
  await web.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0ALERTS', 15_000);
  await expect.poll(() => runSql(database.url, 'SELECT DISTINCT status FROM delivery'), { timeout: 15_000 }).toEqual([{ status: 'sent' }]);
  expect(await runSql(database.url, "SELECT fence::int FROM destination WHERE kind = 'slack'")).toEqual([{ fence: 1 }]);
  expect(slack.calls.all.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
}, 60_000);
