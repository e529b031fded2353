import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { dataFolder, startApp, type App } from '../support/app.ts';
import { commandLine, type CommandLine } from '../support/cli.ts';
import { createFreshDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { Browser } from '../support/slack/browser.ts';
import { connectedSlack, installableSlack } from '../support/slack/connected.ts';
import { pressButton } from '../support/slack/hand-over.ts';

vi.setConfig({ testTimeout: 180_000 });

const AWAY = { kind: 'status', status: 500 } as const;

/** Acknowledged by one, made quiet by the other. */
const WHO_IS_ON_IT = /Leads[^]*U0ANNA[^]*Mails[^]*U0TOM|Mails[^]*U0TOM[^]*Leads[^]*U0ANNA/;

/** A minute later nothing that was tried is too fresh to be looked up, and all that waits is due. */
const letMinutePass = (url: string) =>
  runSql(
    url,
    "UPDATE attempt SET started_at = started_at - interval '1 minute'; UPDATE delivery SET due_at = now() WHERE status = 'pending'",
  );

const pushWith = async (app: App, key: string, ...readings: readonly Record<string, unknown>[]) =>
  (await app.push({ readings }, { authorization: `Bearer ${key}` })).status;

test('the drill: backed up while pushes come in, restored elsewhere with the same key; what was said stays said, and all goes on', async () => {
  const slack = await installableSlack();
  const file = 'routes:\n  - { slack: C0ALERTS, meters: all }\n  - { slack: C0OPS, operations: true }\n';
  const [{ url: from }, { url: to }] = [await createFreshDatabase(), await createFreshDatabase('template0')];
  const [oldFolder, newFolder] = [dataFolder(), dataFolder()];
  const env = { ...slack.env, INGEST_KEY: '' };
  const old = await startApp({ dataDir: oldFolder, databaseUrl: from, file, env });
  expect((await new Browser(slack, old).install()).status).toBe(200);
  const cli = commandLine({ dataDir: oldFolder, databaseUrl: from, env });
  const key = /cw_\S+/.exec((await cli.run(['key'])).out)?.[0] ?? '';
  expect(await pushWith(old, key, readingNow('leads', 850))).toBe(202);
  await pressButton(slack, old, await slack.arrival('C0ALERTS', 15_000), "I'm on it", { user: 'U0ANNA', channel: 'C0ALERTS' });
  expect(await pushWith(old, key, readingNow('mails', 850))).toBe(202);
  await pressButton(slack, old, await slack.arrival('C0ALERTS', 15_000), 'Snooze', { user: 'U0TOM', channel: 'C0ALERTS' });
  const shown = async (line: CommandLine) => (await line.run(['usage', 'alerts'])).out;
  await expect.poll(() => shown(cli), { timeout: 20_000 }).toMatch(WHO_IS_ON_IT);

  slack.always('chat.postMessage', AWAY, 'C0ALERTS');
  expect(await pushWith(old, key, readingNow('seats', 850))).toBe(202);
  await slack.calls.next(({ method, args }) => method === 'chat.postMessage' && String(args['text']).includes('Seats'), 15_000);
  let stopped = false;
  const pushing = (async () => {
    let pushes = 0;
    for (; !stopped || pushes < 2; pushes += 1)
      expect(await pushWith(old, key, readingNow('calls', pushes), readingNow('texts', pushes))).toBe(202);
    return pushes;
  })();
  const done = await cli.run(['backup', 'drill.backup']);
  stopped = true;
  expect([done.code, done.err]).toEqual([0, '']);
  expect(await pushing).toBeGreaterThan(1);
  // The installation goes on after the backup, and says what was waiting.
  slack.always('chat.postMessage', null, 'C0ALERTS');
  await letMinutePass(from);
  expect((await slack.arrival('C0ALERTS', 70_000)).text).toContain('Seats');
  await old.stop();
  const said = slack.messages().length;

  const elsewhere = commandLine({ dataDir: newFolder, databaseUrl: to, env });
  const restored = await elsewhere.run(['restore', join(cli.folder, 'drill.backup')]);
  expect([restored.code, restored.err]).toEqual([0, '']);
  expect(restored.out).toMatch(/1 message was waiting at the time of the backup and may have been posted since: slack:C0ALERTS \(1\)\./);
  const anew = await startApp({ dataDir: newFolder, databaseUrl: to, file, env });
  await letMinutePass(to);
  expect(await shown(elsewhere)).toMatch(WHO_IS_ON_IT);
  // Each push was committed whole, or not at all.
  const exported = (await elsewhere.run(['export', '--json'])).out;
  const lastOf = (meter: string) => new RegExp(`"meter":"${meter}".*"used":(\\d+)`).exec(exported)?.[1];
  expect(lastOf('calls')).toBe(lastOf('texts'));
  // What was posted after the backup is found, and not posted again.
  await slack.calls.next(({ method, args }) => method === 'conversations.history' && args['channel'] === 'C0ALERTS', 20_000);
  expect(await pushWith(anew, key, readingNow('leads', 1000))).toBe(202);
  expect((await slack.arrival('C0ALERTS', 20_000)).text).toContain('Leads is used up');
  expect(slack.messages()).toHaveLength(said + 1);
  expect(slack.messages().filter(({ text }) => text.includes('Seats'))).toHaveLength(1);
});

const FILE = 'routes:\n  - { slack: C0ALERTS, meters: all, digest: false }\n  - { slack: C0OPS, operations: true, digest: false }\n';

describe('two messages that waited while Slack was away at the backup', () => {
  /** @param how.together they were tried as one message before */
  async function backedUp({ together, ...options }: Parameters<typeof connectedSlack>[0] & { readonly together: boolean }) {
    const slack = await connectedSlack(options);
    const [{ url: from }, { url: to }] = [await createFreshDatabase(), await createFreshDatabase()];
    const startOld = () => startApp({ dataDir: dataFolder(), databaseUrl: from, file: FILE, env: slack.env });
    const old = await startOld();
    slack.always('chat.postMessage', AWAY, 'C0ALERTS');
    for (const meter of ['leads', 'mails']) {
      expect((await old.push({ readings: [readingNow(meter, 850)] })).status).toBe(202);
      await expect.poll(() => runSql(from, `SELECT 1 FROM alert JOIN meter ON meter.id = meter_id WHERE key = '${meter}'`)).toHaveLength(1);
    }
    await old.stop();
    await runSql(
      from,
      `UPDATE delivery SET group_id = ${together ? "(SELECT id FROM delivery WHERE status = 'pending' ORDER BY seq LIMIT 1)" : 'NULL'} WHERE status = 'pending'`,
    );
    const cli = commandLine({ dataDir: dataFolder(), databaseUrl: from });
    expect((await cli.run(['backup', 'all.backup'])).code).toBe(0);
    return {
      slack,
      from,
      startOld,
      restore: async () => {
        slack.always('chat.postMessage', null, 'C0ALERTS');
        expect((await cli.run(['restore', 'all.backup'], { env: { DATABASE_URL: to } })).code).toBe(0);
        await letMinutePass(to);
        return startApp({ dataDir: dataFolder(), databaseUrl: to, file: FILE, env: slack.env });
      },
      ends: () =>
        runSql(
          to,
          "SELECT status FROM delivery JOIN destination ON destination.id = destination_id WHERE address = 'C0ALERTS' ORDER BY seq",
        ),
    };
  }
  const settledTo = (one: string, other: string) => [{ status: one }, { status: other }];

  test.each([
    { together: true, other: 'sent' },
    // Whether the summary had it in it, nobody can tell.
    { together: false, other: 'unknown' },
  ])(
    'posted since in one summary (tried together before: $together): it is found, and neither is posted again',
    async ({ together, other }) => {
      const { slack, from, startOld, restore, ends } = await backedUp({ together });
      slack.always('chat.postMessage', null, 'C0ALERTS');
      await letMinutePass(from);
      const old = await startOld();
      await slack.arrival('C0ALERTS', 70_000);
      expect(slack.messages('C0ALERTS')).toHaveLength(1);
      await old.stop();
      await restore();
      await expect.poll(ends, { timeout: 30_000 }).toEqual(settledTo('sent', other));
      if (other === 'unknown') expect((await slack.arrival('C0OPS', 20_000)).text).toContain('Mails');
      expect(slack.messages('C0ALERTS')).toHaveLength(1);
    },
  );

  test('never posted: each is looked up and posted once', async () => {
    const { slack, restore, ends } = await backedUp({ together: false });
    await restore();
    await expect.poll(ends, { timeout: 60_000 }).toEqual(settledTo('sent', 'sent'));
    const texts = slack.messages('C0ALERTS').map(({ text }) => text);
    for (const meter of ['Leads', 'Mails']) expect(texts.filter((text) => text.includes(meter))).toHaveLength(1);
  });

  test('where the history may not be read neither is posted, and operations are told of both', async () => {
    const { slack, restore, ends } = await backedUp({ together: false, scopes: ['commands', 'chat:write'] });
    await restore();
    await expect.poll(ends, { timeout: 30_000 }).toEqual(settledTo('unknown', 'unknown'));
    const told = await slack.arrival('C0OPS', 20_000);
    expect(told.text).toMatch(/Leads[^]*Mails/);
    expect(slack.messages('C0ALERTS')).toEqual([]);
  });
});

test('what fell due since the backup is not said, is listed, and has its next time', async () => {
  const slack = await connectedSlack();
  const [{ url: from }, { url: to }] = [await createFreshDatabase(), await createFreshDatabase()];
  const file = 'routes:\n  - { slack: C0ALERTS, meters: all }\n  - { slack: C0OPS, operations: true }\n';
  const old = await startApp({ dataDir: dataFolder(), databaseUrl: from, file, env: slack.env });
  expect((await old.push({ readings: [readingNow('leads', 1000)] })).status).toBe(202);
  await slack.arrival('C0ALERTS', 15_000);
  expect((await old.push({ readings: [readingNow('mails', 850)] })).status).toBe(202);
  await pressButton(slack, old, await slack.arrival('C0ALERTS', 15_000), 'Snooze', { user: 'U0TOM', channel: 'C0ALERTS' });
  await expect.poll(() => runSql(from, 'SELECT 1 FROM meter WHERE snoozed IS NOT NULL'), { timeout: 10_000 }).not.toEqual([]);
  await old.stop();
  const said = slack.messages().length;
  // As if the backup were a day old: all that was to come by now.
  await runSql(from, "UPDATE timer SET due_at = now() - interval '1 hour' WHERE kind NOT IN ('staleness')");
  await runSql(from, "UPDATE timer SET due_at = now() + interval '1 minute' WHERE kind = 'staleness'");
  await runSql(
    from,
    "UPDATE meter SET snoozed = jsonb_set(snoozed, '{snooze,at}', to_jsonb('2026-01-01T00:00:00.000Z'::text)) WHERE snoozed IS NOT NULL",
  );
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: from });
  expect((await cli.run(['backup', 'all.backup'])).code).toBe(0);
  const restored = await cli.run(['restore', 'all.backup'], { env: { DATABASE_URL: to } });
  expect(restored.out).toMatch(/Not sent, because they were due before the restore [^\n]*weekly digest/);
  expect(restored.out).toMatch(
    /repeat of an open critical alert[^\n]*end of a snooze|end of a snooze[^\n]*repeat of an open critical alert/,
  );
  expect(await runSql(to, 'SELECT 1 FROM meter WHERE snoozed IS NOT NULL')).toEqual([]);
  expect(await runSql(to, 'SELECT outcome FROM digest_run')).toContainEqual({ outcome: 'skipped' });
  expect(await runSql(to, "SELECT kind FROM timer WHERE due_at <= now() AND kind NOT IN ('paste-reminder')")).toEqual([]);
  expect(await runSql(to, "SELECT 1 FROM timer WHERE kind = 'staleness' AND due_at < now() + interval '50 minutes'")).toEqual([]);
  expect(await runSql(to, "SELECT 1 FROM timer WHERE kind = 'digest' AND due_at > now()")).not.toEqual([]);

  const anew = await startApp({ dataDir: dataFolder(), databaseUrl: to, file, env: slack.env });
  // What it has swept says nothing.
  expect((await anew.push({ readings: [readingNow('seats', 850)] })).status).toBe(202);
  expect((await slack.arrival('C0ALERTS', 20_000)).text).toContain('Seats');
  expect(slack.messages()).toHaveLength(said + 1);
});
