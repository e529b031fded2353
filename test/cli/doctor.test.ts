import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ok } from '../../src/core/result.ts';
import { writtenKeyText } from '../../src/messages/replies/keys.ts';
import { dataFolder, INGEST_KEY, startApp } from '../support/app.ts';
import { commandLine } from '../support/cli.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { Browser } from '../support/slack/browser.ts';
import { connectedSlack, installableSlack } from '../support/slack/connected.ts';
import { typeCommand } from '../support/slack/hand-over.ts';
import { ROUTE, withSlack } from './with-slack.ts';

vi.setConfig({ testTimeout: 60_000 });

test('before the first start everything is off, nothing is wrong, and looking makes nothing', async () => {
  const dataDir = join(dataFolder(), 'data');
  const { code, out, err } = await commandLine({ dataDir }).run(['doctor']);
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n').slice(0, 4)).toEqual([
    '✅ Configuration: no creditwatch.yml: defaults are used',
    `⚪ Data folder: ${dataDir} is made at the first start`,
    '⚪ Service: not running. Start it: npm start',
    '⚪ Database: the embedded PostgreSQL is not running; it starts with the service',
  ]);
  expect(out).toContain('⚪ Slack: SLACK_BOT_TOKEN is not set. README.md, "Connect Slack", has five steps.');
  expect(existsSync(dataDir)).toBe(false);
});

test('with everything well each line says what was looked at', async () => {
  const { databaseUrl, dataDir, slack, cli } = await withSlack();
  const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env: slack.env });
  const { code, out } = await cli.run(['doctor'], { env: { INGEST_KEY } });
  expect(code).toBe(0);
  const storage = /^✅ Storage: .* for about 0 readings\. How fast it grows is shown after the first day$/m.exec(out)?.[0] ?? 'Storage';
  expect(out).toContain(
    `✅ Data folder: ${dataDir}\n✅ Service: ${app.url}, process ${String(process.pid)}\n✅ Database: PostgreSQL of DATABASE_URL, up to date\n${storage}\n✅ Queue: in PostgreSQL\n✅ Ingest key: from INGEST_KEY\n✅ Encryption: there are no stored secrets\n✅ Route slack:C0ALERTS: on\n`,
  );
  expect(out).toContain('✅ Slack: connected to Fake, HTTP at /slack/events\n');
  expect(out).toContain('⚪ Heartbeat: HEARTBEAT_URL is not set');
  expect(out).not.toContain('❌');
  const known = await cli.run(['doctor'], {
    env: { PUBLIC_URL: 'https://credits.example.com', HEARTBEAT_URL: 'https://hc-ping.com/my-secret' },
  });
  expect(known.out).toContain('✅ Slack: connected to Fake, HTTP at https://credits.example.com/slack/events\n');
  expect(known.out).toContain('✅ Heartbeat: goes to hc-ping.com once a minute while the service works\n');
  expect(known.out).not.toContain('my-secret');
});

test('a bad Slack token is exit 1 with what to copy from where', async () => {
  const { slack, cli } = await withSlack();
  slack.always('auth.test', { kind: 'error', error: 'invalid_auth' });
  const { code, out } = await cli.run(['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(/^❌ Slack: .*\. .*SLACK_BOT_TOKEN.*$/m);
});

test('a signing secret counts as verified by a request that Slack signed with it, and one that refuses commands is exit 1', async () => {
  const { slack, databaseUrl, dataDir, cli } = await withSlack();
  expect((await cli.run(['doctor'])).out).toContain(
    '⚪ Slack requests: the service is not running, so SLACK_SIGNING_SECRET is not verified',
  );
  const wrong = await startApp({ dataDir, databaseUrl, file: ROUTE, env: { ...slack.env, SLACK_SIGNING_SECRET: 'b'.repeat(32) } });
  expect((await cli.run(['doctor'])).out).toContain('⚪ Slack requests: no request since the start');
  expect((await typeCommand(slack, wrong, '')).status).toBe(401);
  const refused = await cli.run(['doctor']);
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/^❌ Slack requests: .*refused with 401.*SLACK_SIGNING_SECRET.*Copy the Signing Secret/m);
  await wrong.stop();

  // A secret that was read from a file ends with a line end.
  const env = { ...slack.env, SLACK_SIGNING_SECRET: `${slack.env['SLACK_SIGNING_SECRET'] ?? ''}\r\n` };
  const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env });
  expect((await typeCommand(slack, app, '')).status).toBe(200);
  const well = await cli.run(['doctor'], { env });
  expect([well.code, well.out]).toEqual([0, expect.stringMatching(/^✅ Slack requests: SLACK_SIGNING_SECRET matches/m)]);
});

test('an app token that Slack does not take is exit 1: doctor opens a socket as the service does', async () => {
  const slack = await connectedSlack({ transport: 'socket' });
  const cli = commandLine({ dataDir: dataFolder(), env: slack.env });
  expect((await cli.run(['doctor'])).out).toContain('✅ Slack: connected to Fake, Socket Mode\n');
  slack.always('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
  const { code, out } = await cli.run(['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(/^❌ Slack: Socket Mode does not connect: .*\(invalid_auth\)\. .*SLACK_APP_TOKEN\.$/m);
});

test('Slack that cannot be reached is exit 1', async () => {
  const { cli } = await withSlack();
  const { code, out } = await cli.run(['doctor'], { env: { SLACK_API_URL: 'http://127.0.0.1:1/api/' } });
  expect(code).toBe(1);
  expect(out).toMatch(/^❌ Slack: .+$/m);
});

const HANDED_OVER = `
  SELECT disabled_reason FROM destination
  WHERE address = 'C0ALERTS' AND disabled_reason IS NOT NULL
    AND NOT EXISTS (SELECT FROM delivery WHERE destination_id = destination.id AND status = 'pending')
    AND NOT EXISTS (SELECT FROM timer WHERE kind = 'announce-open-alerts')`;

test('a route that was switched off is exit 1 with its reason, what waits for it, and the test that turns it on again', async () => {
  const { slack, databaseUrl, dataDir, cli } = await withSlack();
  slack.always('chat.postMessage', { kind: 'error', error: 'is_archived' });
  const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env: slack.env });
  await app.push({ readings: [readingNow('leads', 900)] });
  // Off, and what was for it goes to the terminal instead: until then it waits. So does the list of open alerts for a new route.
  await expect.poll(() => runSql(databaseUrl, HANDED_OVER), { timeout: 10_000 }).toHaveLength(1);
  const sick = await cli.run(['doctor']);
  expect(sick.code).toBe(1);
  expect(sick.out).toMatch(/^❌ Route slack:C0ALERTS: off: .*archived.*Unarchive it.* Then: npx creditwatch test slack:C0ALERTS$/m);

  const still = await cli.run(['test', 'slack:C0ALERTS']);
  expect([still.code, still.out]).toEqual([1, '']);
  expect(still.err).toMatch(/^Not sent to slack:C0ALERTS: .*archived/);
  slack.always('chat.postMessage', null);
  expect(await cli.run(['test', 'slack:C0ALERTS'])).toEqual({ code: 0, out: 'Sent to slack:C0ALERTS.\n', err: '' });
  const well = await cli.run(['doctor']);
  // What is open is told there now, a second after the test message.
  expect([well.code, well.out]).toEqual([0, expect.stringMatching(/^✅ Route slack:C0ALERTS: on(?:, 1 waiting)?$/m)]);
});

test('a database and a Redis that do not answer are exit 1, each with what to check', async () => {
  const { cli } = await withSlack();
  const noDatabase = await cli.run(['doctor'], { env: { DATABASE_URL: 'postgres://user:hidden-word@127.0.0.1:1/nothing' } });
  expect(noDatabase.code).toBe(1);
  expect(noDatabase.out).toMatch(/^❌ Database: The database of DATABASE_URL does not answer \(.*\)\. Check that it is running/m);
  const noRedis = await cli.run(['doctor'], { env: { REDIS_URL: 'redis://:hidden-word@127.0.0.1:1' } });
  expect(noRedis.code).toBe(1);
  expect(noRedis.out).toMatch(
    /^❌ Queue: Redis of REDIS_URL does not answer\. Alerts go out more slowly; check REDIS_URL and that Redis runs\.$/m,
  );
  for (const { out, err } of [noDatabase, noRedis]) expect(out + err).not.toContain('hidden-word');
});

test('of an app that is installed by OAuth it says where to install it, and then whether Slack takes the stored token; a test message is posted with that too', async () => {
  const slack = await installableSlack();
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const cli = commandLine({ dataDir, databaseUrl, env: slack.env });
  cli.write('creditwatch.yml', ROUTE);
  const app = await startApp({ dataDir, databaseUrl, file: ROUTE, env: slack.env });
  const before = await cli.run(['doctor']);
  expect([before.code, before.out]).toEqual([
    1,
    expect.stringContaining(
      '❌ Slack: The app is not installed in a Slack workspace. Install the app: https://credits.example.com/slack/install\n',
    ),
  ]);
  expect((await new Browser(slack, app).install()).status).toBe(200);
  const after = await cli.run(['doctor']);
  expect([after.code, after.out]).toEqual([
    0,
    expect.stringContaining('✅ Slack: connected to Fake, HTTP at https://credits.example.com/slack/events\n'),
  ]);
  await app.stop();
  expect(await cli.run(['test', 'slack:C0ALERTS'])).toEqual({ code: 0, out: 'Sent to slack:C0ALERTS.\n', err: '' });
  expect(slack.calls.all.findLast(({ method }) => method === 'chat.postMessage')?.token).toBe('xoxb-1-granted-to-T0FAKE');
  slack.installs.end('T0FAKE', 'token_revoked');
  expect((await cli.run(['doctor'])).out).toContain(
    '❌ Slack: The token was revoked (token_revoked). Install the app: https://credits.example.com/slack/install\n',
  );
});

test('an ingest key that was stored with another key for secrets is exit 1 of the doctor, as it ends the start, with the variable to look at', async () => {
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const cli = commandLine({ dataDir, databaseUrl });
  expect((await cli.run(['doctor'])).out).toContain('⚪ Ingest key: not made yet: the next start makes one\n');
  const first = await startApp({ dataDir, databaseUrl, env: { INGEST_KEY: '' } });
  await expect.poll(() => first.output()).toContain(writtenKeyText(null, ok(join(dataDir, 'ingest-key'))));
  await first.stop();
  const looked = await cli.run(['doctor']);
  expect([looked.code, looked.out]).toEqual([0, expect.stringContaining('✅ Ingest key: unchanged, shown only at the first start\n')]);

  const env = { ENCRYPTION_KEY: Buffer.alloc(32, 8).toString('base64') };
  const unreadable =
    'The stored ingest key cannot be read: it was encrypted with another key. Put back the ENCRYPTION_KEY that this database was used with.';
  const elsewhere = await cli.run(['doctor'], { env });
  expect([elsewhere.code, elsewhere.out]).toEqual([1, expect.stringContaining(`❌ Ingest key: ${unreadable}\n`)]);
  expect(await cli.run(['start'], { env })).toMatchObject({ code: 1, err: expect.stringContaining(unreadable) });

  // Of several accounts each has its own: INGEST_KEY is none of theirs.
  const file = 'accounts:\n  default: {}\n  agency: {}\n';
  cli.write('creditwatch.yml', file);
  expect((await cli.run(['doctor'], { env: { INGEST_KEY } })).out).toContain('⚪ Ingest key: not made yet');
  const both = await startApp({ dataDir, databaseUrl, file });
  expect((await cli.run(['doctor'], { env: { INGEST_KEY } })).out).toContain('✅ Ingest key: unchanged, shown only at the first start\n');
  await both.stop();
});

test('a stored token that was encrypted with another key is exit 1, and the doctor, the log and the route name the variable to look at; who asks is answered', async () => {
  const slack = await installableSlack();
  const { url: databaseUrl } = await createDatabase();
  const dataDir = dataFolder();
  const cli = commandLine({ dataDir, databaseUrl, env: slack.env });
  cli.write('creditwatch.yml', ROUTE);
  const options = { dataDir, databaseUrl, file: ROUTE, env: slack.env };
  const first = await startApp(options);
  expect((await new Browser(slack, first).install()).status).toBe(200);
  await first.stop();

  const otherKey = { ENCRYPTION_KEY: Buffer.alloc(32, 8).toString('base64') };
  const remedy =
    'Put back the ENCRYPTION_KEY that this database was used with. Or install the app again: https://credits.example.com/slack/install';
  const looked = await cli.run(['doctor'], { env: otherKey });
  expect([looked.code, looked.out]).toEqual([
    1,
    expect.stringContaining(`❌ Slack: The stored token of the Slack workspace cannot be decrypted. ${remedy}\n`),
  ]);
  const second = await startApp({ ...options, env: { ...slack.env, ...otherKey } });
  await expect.poll(() => second.output()).toContain('stored Slack token unreadable');
  await second.push({ readings: [readingNow('leads', 900)] });
  await expect
    .poll(async () => (await cli.run(['doctor'], { env: otherKey })).out, { timeout: 20_000 })
    .toMatch(/❌ Route slack:C0ALERTS: .*The stored token of the Slack workspace cannot be decrypted/);
  expect(second.output().match(/stored Slack token unreadable/g)).toHaveLength(1);
  // Whoever asks needs no token of ours.
  expect((await (await typeCommand(slack, second, '', { team: 'T0FAKE' })).answer()).text).toContain('needs attention');
  // What waited for the channel has gone to the terminal by then: a service that stops before that leaves it for the channel, as it was.
  await expect.poll(() => second.output(), { timeout: 20_000 }).toContain('Leads is already at 90%');
  await second.stop();

  const third = await startApp(options);
  expect((await slack.arrival('C0ALERTS', 20_000)).text).toContain('Leads is at 90%');
  await third.stop();
});
