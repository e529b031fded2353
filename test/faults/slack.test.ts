import { expect, test } from 'vitest';
import { dataFolder, startProcess } from '../support/app.ts';
import { createDatabase, runSql } from '../support/database.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack, shownText } from '../support/slack/connected.ts';

const ROUTES = `
routes:
  - { slack: C0ONE, meters: all }
  - { slack: C0TWO, meters: all }
`;

async function startRouted(options: Parameters<typeof connectedSlack>[0] = {}, file = ROUTES) {
  const slack = await connectedSlack(options);
  const database = await createDatabase();
  const app = await startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file, env: slack.env });
  const posts = (channel: string) => slack.calls.all.filter((call) => call.method === 'chat.postMessage' && call.channel === channel);
  return { slack, database, app, posts };
}

test('429 with Retry-After 7: one call, the next 7 s later or more, and the other channel does not wait', async () => {
  const { slack, app, posts } = await startRouted();
  slack.script('chat.postMessage', [{ kind: 'rate-limited', retryAfterS: 7 }], 'C0ONE');
  await app.push({ readings: [readingNow('leads', 800)] });
  const other = await slack.arrival('C0TWO');
  const late = await slack.arrival('C0ONE', 20_000);
  const [refused, taken] = posts('C0ONE');
  expect(posts('C0ONE')).toHaveLength(2);
  expect((taken?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(7000);
  expect(other.at).toBeLessThan(late.at);
}, 40_000);

test('500 twice, then well: one message stands there, after three attempts', async () => {
  const { slack, app, posts, database } = await startRouted();
  slack.script(
    'chat.postMessage',
    [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 500 },
    ],
    'C0ONE',
  );
  await app.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0ONE', 15_000);
  expect([posts('C0ONE').length, slack.messages('C0ONE').length]).toEqual([3, 1]);
  await expect.poll(() => outcomes(database.url, 'C0ONE')).toEqual(['retry', 'retry', 'sent']);
});

test('an archived channel is switched off after one call and said once, with what to do; its alerts go to operations until it is on again', async () => {
  const { slack, app, posts, database } = await startRouted({}, `${ROUTES}  - { slack: C0OPS, operations: true }\n`);
  slack.always('chat.postMessage', { kind: 'error', error: 'is_archived' }, 'C0ONE');
  await app.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0TWO');
  expect((await slack.arrival('C0OPS', 10_000)).text).toContain("I can't post in <#C0ONE>");
  expect(shownText((await slack.arrival('C0OPS', 10_000)).blocks)).toMatch(
    /^🟠 Leads is already at 80%[^]*Meant for #C0ONE, where I can't post now\./,
  );
  expect(await runSql(database.url, "SELECT disabled_reason FROM destination WHERE address = 'C0ONE'")).toEqual([
    { disabled_reason: expect.stringMatching(/archived.*Unarchive it/) },
  ]);
  await app.push({ readings: [readingNow('leads', 1000)] });
  await slack.arrival('C0TWO');
  expect((await slack.arrival('C0OPS', 10_000)).text).toContain('used up');
  expect(posts('C0ONE')).toHaveLength(1);
  expect(
    app
      .output()
      .split('\n')
      .filter((line) => line.includes('delivery rejected')),
  ).toHaveLength(1);

  slack.always('chat.postMessage', null, 'C0ONE');
  await app.stop();
  await startProcess({ dataDir: dataFolder(), databaseUrl: database.url, file: ROUTES, env: slack.env });
  expect((await slack.arrival('C0ONE', 10_000)).text).toContain('Leads is at 100%');
  expect(slack.messages('C0OPS').filter(({ text }) => text.includes("I can't post in"))).toHaveLength(1);
});

test('a revoked token switches all of Slack off at once, without a storm of calls; the terminal says so once and gets the alerts', async () => {
  const { slack, app, database } = await startRouted();
  slack.always('chat.postMessage', { kind: 'error', error: 'token_revoked' });
  await app.push({ readings: [readingNow('leads', 800)] });
  await expect
    .poll(
      () => runSql(database.url, "SELECT count(*)::int AS off FROM destination WHERE kind = 'slack' AND disabled_reason LIKE '%revoked%'"),
      {
        timeout: 10_000,
      },
    )
    .toEqual([{ off: 2 }]);
  await app.push({ readings: [readingNow('leads', 1000)] });
  await expect.poll(() => app.output(), { timeout: 15_000 }).toContain('Leads is used up (100%)');
  await app.stop();
  expect(slack.calls.all.filter(({ method }) => method === 'chat.postMessage').length).toBeLessThanOrEqual(2);
  expect(app.output().split('I can no longer post in Slack')).toHaveLength(2);
});

test('a connection that breaks after Slack took the message: looked up, not posted again', async () => {
  const { slack, app, database } = await startRouted();
  slack.script('chat.postMessage', [{ kind: 'drop', accepted: true }], 'C0ONE');
  await app.push({ readings: [readingNow('leads', 800)] });
  await expect.poll(() => outcomes(database.url, 'C0ONE'), { timeout: 10_000 }).toEqual(['unknown', 'lookup: sent']);
  expect(slack.messages('C0ONE')).toHaveLength(1);
});

test('the same without the right to read the history: once more, marked, and the ledger says what is not known', async () => {
  const { slack, app, database } = await startRouted({ scopes: ['commands', 'chat:write'] });
  slack.script(
    'chat.postMessage',
    [
      { kind: 'drop', accepted: true },
      { kind: 'drop', accepted: true },
    ],
    'C0ONE',
  );
  await app.push({ readings: [readingNow('leads', 800)] });
  await expect
    .poll(() => outcomes(database.url, 'C0ONE'), { timeout: 10_000 })
    .toEqual(['unknown', 'lookup: unavailable', 'repost: unknown', 'lookup: unavailable']);
  await app.push({ readings: [readingNow('leads', 1000)] });
  await slack.arrival('C0ONE');
  await slack.arrival('C0ONE');
  expect((await slack.arrival('C0ONE')).text).toContain('used up');
  expect(slack.messages('C0ONE')[1]?.text).toContain('This may be a repeat');
  expect(
    await runSql(
      database.url,
      "SELECT d.status FROM delivery d JOIN destination ON destination.id = d.destination_id WHERE address = 'C0ONE' AND action = 'post' ORDER BY seq",
    ),
  ).toEqual([{ status: 'unknown' }, { status: expect.stringMatching(/sent|pending/) }]);
});

test.each([
  ['which may be looked up, none is marked', undefined, ['unknown', 'lookup: no-answer', 'lookup: not-found', 'sent'], false],
  [
    'which may not, one marked copy comes once it answers',
    ['commands', 'chat:write'],
    ['unknown', 'lookup: no-answer', 'lookup: unavailable', 'repost: sent'],
    true,
  ],
])(
  'a Slack that takes connections and answers nothing loses nothing: %s',
  async (_what, scopes, ledger, isMarked) => {
    const { slack, app, database } = await startRouted(scopes === undefined ? {} : { scopes });
    const methods = ['chat.postMessage', 'conversations.history', 'auth.test'];
    for (const method of methods) slack.always(method, { kind: 'hang' });
    await app.push({ readings: [readingNow('leads', 800)] });
    // 5 s for the post and 5 s for the look-up: as long as it takes to give up twice.
    for (const channel of ['C0ONE', 'C0TWO'])
      await expect.poll(() => outcomes(database.url, channel), { timeout: 20_000 }).toEqual(ledger.slice(0, 2));
    for (const method of methods) slack.always(method, null);
    for (const channel of ['C0ONE', 'C0TWO']) {
      expect((await slack.arrival(channel, 20_000)).text.includes('This may be a repeat')).toBe(isMarked);
      await expect.poll(() => outcomes(database.url, channel), { timeout: 10_000 }).toEqual(ledger);
    }
    expect(slack.messages()).toHaveLength(2);
  },
  60_000,
);

test.each([
  ['which may be looked up, nothing is lost and nothing repeated', undefined],
  ['which may not, nothing is lost, and what may be a repeat is marked', ['commands', 'chat:write']],
])(
  '20 alerts while Slack answers nothing for 12 s: %s',
  async (_what, scopes) => {
    const meters = Array.from({ length: 20 }, (_, index) => ({
      key: `meter_${String(index)}`,
      channel: `C0M${String(index)}`,
      lands: index % 2 === 0,
    }));
    const routes = meters.map(({ key, channel }) => `  - { slack: ${channel}, meters: [${key}], digest: false }\n`);
    const { slack, app, database } = await startRouted(scopes === undefined ? {} : { scopes }, `routes:\n${routes.join('')}`);
    const methods = ['chat.postMessage', 'conversations.history', 'auth.test'];
    const goAway = Date.now();
    for (const method of methods) slack.always(method, { kind: 'hang' });
    // Of every second one Slack takes the message, and does not say so.
    for (const { channel, lands } of meters) if (lands) slack.always('chat.postMessage', { kind: 'hang', accepted: true }, channel);
    await app.push({ readings: meters.map(({ key }) => readingNow(key, 800)) });
    // 5 s for the post, 5 s for the look-up, and the next one has begun after 2 s.
    const lookups = async () =>
      (await runSql(database.url, "SELECT delivery_id FROM attempt WHERE kind = 'lookup' GROUP BY 1 HAVING count(*) >= 2")).length;
    await expect.poll(lookups, { timeout: 40_000 }).toBe(meters.length);
    expect(Date.now() - goAway).toBeGreaterThanOrEqual(12_000);
    for (const method of methods) slack.always(method, null);
    for (const { channel, lands } of meters) if (lands) slack.always('chat.postMessage', null, channel);

    const statuses = () => runSql(database.url, "SELECT status, count(*)::int AS n FROM delivery WHERE action = 'post' GROUP BY 1");
    await expect.poll(statuses, { timeout: 60_000 }).toEqual([{ status: 'sent', n: meters.length }]);
    for (const { channel, key, lands } of meters) {
      const marks = slack.messages(channel).map(({ text }) => text.includes('This may be a repeat'));
      expect(marks, `${key} in ${channel}`).toEqual(scopes === undefined ? [false] : lands ? [false, true] : [true]);
    }
  },
  120_000,
);

test('no token, secret or response URL is in the log, whatever goes wrong', async () => {
  const { slack, app } = await startRouted();
  slack.script(
    'chat.postMessage',
    [
      { kind: 'drop', accepted: false },
      { kind: 'error', error: 'invalid_auth' },
    ],
    'C0ONE',
  );
  await app.push({ readings: [readingNow('leads', 800)] });
  await slack.arrival('C0TWO');
  await app.stop();
  for (const secret of ['xoxb-test', 'signing-secret-of-the-tests', 'ingest-key-of-the-tests', 'the-secret-part'])
    expect(app.output()).not.toContain(secret);
});

async function outcomes(databaseUrl: string, channel: string): Promise<unknown[]> {
  const rows = await runSql(
    databaseUrl,
    `
    SELECT CASE attempt.kind WHEN 'post' THEN '' ELSE attempt.kind || ': ' END || attempt.outcome AS outcome FROM attempt JOIN delivery ON delivery.id = attempt.delivery_id JOIN destination ON destination.id = delivery.destination_id
    WHERE destination.address = '${channel}' ORDER BY delivery.seq, attempt.number`,
  );
  return rows.map((row) => row['outcome']);
}

test('an outage of 40 channels makes Node print no warning', async () => {
  const channels = Array.from({ length: 40 }, (_, nth) => `C0OUT${String(nth)}`);
  const { slack, app } = await startRouted({}, `routes:\n${channels.map((one) => `  - { slack: ${one}, meters: all }\n`).join('')}`);
  for (const channel of channels) slack.script('chat.postMessage', [{ kind: 'status', status: 500 }], channel);
  await app.push({ readings: [readingNow('leads', 800)] });
  for (const channel of channels) await slack.arrival(channel, 30_000);
  expect(await app.stop()).toBe(0);
  expect(app.output()).not.toMatch(/Warning/);
}, 60_000);
