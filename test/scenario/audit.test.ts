import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { auditActions, SYSTEM, type AuditAction } from '../../src/core/audit/audit.ts';
import type { CommandName } from '../../src/cli/program.ts';
import type { Actions } from '../../src/ports/inbound/actions.ts';
import type { Administration } from '../../src/ports/inbound/administration.ts';
import type { Operations } from '../../src/ports/inbound/operations.ts';
import type { Subscriptions } from '../../src/ports/inbound/subscriptions.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine, programOf } from '../support/cli.ts';
import { createDatabase, createFreshDatabase, runSql } from '../support/database.ts';
import { MONDAY, NEXT_AT_8, PASTED_FILE } from '../support/pasted.ts';
import { startPipeline, type Pipeline } from '../support/pipeline.ts';
import { readingNow } from '../support/readings.ts';
import { connectedSlack } from '../support/slack/connected.ts';
import { formAfter, pressButton, sendForm, tellEvent, typeCommand } from '../support/slack/hand-over.ts';
import { eventCallback } from '../support/slack/interactions.ts';
import { ANNA, CHANNEL, inChannel, installed, slash, typed } from '../support/teams/activities.ts';
import { connectedTeams } from '../support/teams/connected.ts';
import { slackUser } from '../support/people.ts';

vi.setConfig({ testTimeout: 180_000 });

type Ports = keyof Actions | keyof Subscriptions | keyof Administration | keyof Operations;

/** What each method that people can reach records. A new method needs a line here, and its code a case below. */
const RECORDS = {
  acknowledge: 'acknowledge',
  snooze: 'snooze',
  unsnooze: 'unsnooze',
  setPeriod: 'period-set',
  stateTotal: 'total-stated',
  remindOthers: 'reminder-reassigned',
  stopReminding: 'reminders-stopped',
  keepRefused: 'nothing: it was refused',
  askAdmins: 'ask-admins',
  exported: 'export',
  correct: 'correction',
  request: 'request',
  at: 'nothing: it is shown where it was asked',
  subscribe: 'subscribe',
  confirm: 'nothing: it is part of subscribe',
  takeBack: 'subscribe-undone',
  unsubscribe: 'unsubscribe',
  setDigest: 'digest-set',
  digestNow: 'nothing: it is shown where it was asked',
  keys: 'keys-shown',
  rotateKey: 'key-rotated',
  retireKeys: 'keys-retired',
  makeCaptureKey: 'capture-key-made',
  captureKeys: 'nothing: it shows no key',
  revokeCaptureKey: 'capture-key-revoked',
  accountContents: 'nothing: it is the question before account-deleted',
  deleteAccount: 'account-deleted',
  exportPerson: 'person-exported',
  forgetPerson: 'person-forgotten',
  rotateEncryption: 'encryption-rotated',
  audit: 'audit-read',
  answer: 'figures-read',
  take: 'import',
  test: 'test-sent',
  consumption: 'export',
} satisfies Record<Ports, AuditAction | `nothing: ${string}`>;

/** What each command of the command line records. A new command needs a line here. */
const COMMANDS = {
  start: ['migrate', 'key-made', 'platform-purged'],
  demo: ['migrate', 'key-made', 'import'],
  migrate: ['migrate'],
  doctor: 'nothing: it looks at the set-up, and shows no figures',
  usage: ['figures-read'],
  import: ['import'],
  export: ['export'],
  backtest: ['figures-read'],
  presets: 'nothing: it needs no database',
  add: 'nothing: it changes creditwatch.yml',
  try: 'nothing: it asks the vendor, and stores nothing',
  test: ['test-sent'],
  key: ['keys-shown', 'key-rotated', 'keys-retired'],
  capture: ['capture-key-made', 'capture-key-revoked'],
  encryption: ['encryption-rotated'],
  backup: ['backup'],
  restore: ['restored'],
  account: ['account-deleted'],
  person: ['person-exported', 'person-forgotten'],
  audit: ['audit-read'],
  completion: 'nothing: it needs no database',
} satisfies Record<CommandName, readonly AuditAction[] | `nothing: ${string}`>;

/** Those that no method of a port records: what platforms tell, and what Creditwatch does by itself. */
const BY_THEMSELVES: readonly AuditAction[] = ['install', 'uninstall', 'platform-purged', 'key-made', 'migrate', 'backup', 'restored'];

test('every method that people can reach records a code of the list, or says why not; and every code has something that records it', () => {
  const recorded = Object.values(RECORDS).filter((one) => !one.startsWith('nothing'));
  expect([...new Set([...recorded, ...BY_THEMSELVES])].toSorted()).toEqual(auditActions.toSorted());
});

test('every command of the command line records a code, or says why not', () => {
  expect(Object.keys(COMMANDS).toSorted()).toEqual(
    programOf()
      .commands.map((command) => command.name())
      .toSorted(),
  );
});

const seen = new Set<string>();
const rowSchema = z.object({
  seq: z.string(),
  account_id: z.string().nullable(),
  platform: z.string(),
  actor: z.string().nullable(),
  action: z.string(),
  about: z.record(z.string(), z.unknown()),
  place: z.string().nullable(),
  person: z.array(z.string()),
});
type Row = z.infer<typeof rowSchema>;

/** Does something, and expects exactly these new rows. */
async function records(url: string, what: string, work: () => Promise<unknown>, ...rows: readonly Partial<Row>[]): Promise<void> {
  const all = async () =>
    z
      .array(rowSchema)
      .parse(
        await runSql(url, 'SELECT seq::text, account_id, platform, actor, action, about, place, person FROM audit ORDER BY audit.seq'),
      );
  const before = (await all()).length;
  await work();
  // Teams is answered before the work is done.
  await expect.poll(async () => (await all()).length - before, { message: what, timeout: 10_000 }).toBe(rows.length);
  const found = (await all()).slice(before);
  expect(found, `${what}: ${JSON.stringify(found)}`).toMatchObject(rows);
  for (const { action } of found) seen.add(action);
}

const login = userInfo().username;
const terminal = { platform: 'terminal', actor: login };

test('what people do in Slack, in Teams and in the terminal is one row each, with who, what and where', async () => {
  const [slack, teams, database] = [await connectedSlack(), await connectedTeams(), await createDatabase()];
  const { url } = database;
  const dataDir = dataFolder();
  const file = 'admins: [U0OLGA]\nroutes: [{ slack: C0ALERTS, meters: all, digest: false }]\n';
  const env = { ...slack.env, ...teams.env, INGEST_KEY: '' };
  const cli = commandLine({ dataDir, databaseUrl: url, env: { ...slack.env, ...teams.env } });
  cli.write('creditwatch.yml', file);
  const start = async () => startApp({ dataDir, databaseUrl: url, file, env });
  const [app] = [await start()];
  const [made] = z
    .array(rowSchema)
    .parse(await runSql(url, 'SELECT seq::text, account_id, platform, actor, action, about, place, person FROM audit'));
  expect(made).toMatchObject({ account_id: 'default', platform: 'system', actor: null, action: 'key-made' });
  seen.add('key-made');
  const ran = async (words: readonly string[], input?: string) => {
    const { code, err } = await cli.run(words, input === undefined ? {} : { input });
    expect([code, err], words.join(' ')).toEqual([0, expect.any(String)]);
  };
  const inSlack = async (text: string, user = 'U0OLGA', channel = 'C0SALES') =>
    (await typeCommand(slack, app, text, { user, channel })).answer();
  const slackRow = (action: AuditAction, more: Partial<Row> = {}): Partial<Row> => ({
    account_id: 'default',
    platform: 'slack',
    actor: 'U0OLGA',
    action,
    ...more,
  });
  const page = { vendor: '/other', name: 'crm', text: 'Leads\n900/1,000 leads used\n' };

  await records(
    url,
    'a paste in Slack',
    async () => {
      await typeCommand(slack, app, 'import', { user: 'U0OLGA' });
      const form = await slack.views.next(() => true);
      const shown = formAfter(form, await sendForm(slack, app, form, page, { user: 'U0OLGA' }));
      await (await sendForm(slack, app, shown, page, { user: 'U0OLGA' })).answer();
    },
    slackRow('import', { about: { source: 'crm', count: 1 } }),
  );
  const alert = await slack.arrival('C0ALERTS', 15_000);
  const reading = JSON.stringify({ source: 'crm', readings: [{ ...readingNow('seats', 950) }] });
  await records(url, 'an import of the operator', () => ran(['import', '-'], reading), {
    account_id: 'default',
    ...terminal,
    action: 'import',
    about: { source: 'crm', count: 1 },
  });
  await records(url, 'the same once more, which changes nothing', () => ran(['import', '-'], reading));

  await records(
    url,
    'subscribe',
    () => typeCommand(slack, app, 'subscribe all', { user: 'U0OLGA', channel: 'C0SALES' }).then(() => slack.arrival('C0SALES', 10_000)),
    slackRow('subscribe', { about: { meters: 'all' }, place: 'slack:C0SALES' }),
  );
  await records(
    url,
    'digest',
    () => inSlack('digest friday 17:00'),
    slackRow('digest-set', { about: { digest: 'friday 17:00' }, place: 'slack:C0SALES' }),
  );
  await records(url, 'unsubscribe', () => inSlack('unsubscribe'), slackRow('unsubscribe', { place: 'slack:C0SALES' }));
  await records(
    url,
    'acknowledge',
    async () => {
      await pressButton(slack, app, { ...alert, blocks: alert.args['blocks'] }, "I'm on it", { user: 'U0ANNA' });
      await expect.poll(() => runSql(url, "SELECT 1 FROM alert WHERE acknowledged_by = 'slack:U0ANNA'")).not.toEqual([]);
    },
    slackRow('acknowledge', { actor: 'U0ANNA', about: { meter: 'crm/leads' } }),
  );
  await records(
    url,
    'snooze',
    () => inSlack('snooze crm/leads monday', 'U0ANNA'),
    slackRow('snooze', { actor: 'U0ANNA', about: { meter: 'crm/leads', choice: 'monday' } }),
  );
  await records(
    url,
    'unsnooze',
    () => inSlack('snooze crm/leads off', 'U0ANNA'),
    slackRow('unsnooze', { actor: 'U0ANNA', about: { meter: 'crm/leads' } }),
  );
  await records(
    url,
    'request',
    () => inSlack('request crm/seats allocation', 'U0ANNA'),
    slackRow('request', { actor: 'U0ANNA', about: { meter: 'crm/seats', choice: 'allocation' }, person: ['slack:U0OLGA'] }),
  );
  await records(
    url,
    'period',
    () => inSlack('resets crm month 1'),
    slackRow('period-set', { about: { source: 'crm', period: 'month 1' } }),
  );
  await records(url, 'total', () => inSlack('total crm/leads 900'), slackRow('total-stated', { about: { meter: 'crm/leads' } }));
  await records(url, 'export', () => inSlack('export crm/leads'), slackRow('export', { about: { meter: 'crm/leads' } }));
  await records(url, 'looking in chat', () => inSlack(''));
  await records(
    url,
    'asking the admins',
    async () => {
      const refused = await inSlack('subscribe all', 'U0ANNA');
      await (await pressButton(slack, app, { blocks: refused.body['blocks'] }, 'Ask them', { user: 'U0ANNA' })).answer();
    },
    slackRow('ask-admins', { actor: 'U0ANNA', about: { command: 'subscribe' }, place: 'slack:C0SALES', person: ['slack:U0OLGA'] }),
  );

  const teamsActor = { account_id: 'default', platform: 'teams', actor: ANNA.aadObjectId };
  await records(url, 'adding the app in Teams', () => teams.send(app, installed(teams.serviceUrl)), {
    ...teamsActor,
    action: 'install',
    place: `teams:${CHANNEL}`,
  });
  await records(url, 'snoozing in Teams', () => teams.send(app, slash(teams.serviceUrl, 'usage snooze crm/leads tomorrow')), {
    ...teamsActor,
    action: 'snooze',
    about: { meter: 'crm/leads', choice: 'tomorrow' },
  });
  await records(url, 'subscribing oneself in Teams', () => teams.send(app, typed(teams.serviceUrl, 'usage subscribe all')), {
    ...teamsActor,
    action: 'subscribe',
    about: { meters: 'all', direct: true },
    place: null,
  });
  await records(url, 'taking the app out in Teams', () => teams.send(app, installed(teams.serviceUrl, inChannel(), 'remove')), {
    ...teamsActor,
    action: 'uninstall',
  });

  const ofTerminal = (action: AuditAction, more: Partial<Row> = {}): Partial<Row> => ({
    account_id: 'default',
    ...terminal,
    action,
    ...more,
  });
  await records(url, 'usage', () => ran(['usage']), ofTerminal('figures-read', { about: { command: 'usage' } }));
  await records(url, 'usage, which snoozes', () => ran(['usage', 'snooze', 'crm/seats']), ofTerminal('snooze'));
  await records(url, 'usage, which exports', () => ran(['usage', 'export', 'crm/leads']), ofTerminal('export'));
  await records(url, 'export', () => ran(['export']), ofTerminal('export'));
  await records(url, 'backtest', () => ran(['backtest']), ofTerminal('figures-read', { about: { command: 'backtest' } }));
  await records(url, 'test', () => ran(['test', 'slack:C0ALERTS']), ofTerminal('test-sent', { about: {}, place: 'slack:C0ALERTS' }));
  await records(url, 'key', () => ran(['key']), ofTerminal('keys-shown'));
  await records(url, 'key rotate', () => ran(['key', 'rotate']), ofTerminal('key-rotated', { about: { atOnce: false } }));
  await records(url, 'key retire', () => ran(['key', 'retire']), ofTerminal('keys-retired', { about: { count: 1 } }));
  await records(url, 'capture', () => ran(['capture', 'crm']), ofTerminal('capture-key-made', { about: { source: 'crm' } }));
  const [captureKey] = z.array(z.object({ name: z.string() })).parse(await runSql(url, 'SELECT name FROM capture_key'));
  await records(
    url,
    'capture --revoke',
    () => ran(['capture', '--revoke', captureKey?.name ?? '']),
    ofTerminal('capture-key-revoked', { about: { source: 'crm' } }),
  );
  const whole = { account_id: null, ...terminal };
  await records(url, 'encryption rotate', () => ran(['encryption', 'rotate']), { ...whole, action: 'encryption-rotated' });
  await records(url, 'person export', () => ran(['person', 'export', 'U0ANNA']), {
    ...whole,
    action: 'person-exported',
    person: ['slack:U0ANNA'],
  });
  await records(url, 'backup', () => ran(['backup', 'all.backup']), { ...whole, action: 'backup' });
  await records(url, 'audit', () => ran(['audit']), { ...whole, action: 'audit-read' });

  const shown = await cli.run(['audit', '--by', 'U0ANNA', '--account', 'default']);
  expect((await cli.run(['audit', '--by', 'slack:U0ANNA', '--account', 'default'])).out).toBe(shown.out);
  expect((await cli.run(['audit', '--by', 'teams:U0ANNA', '--account', 'default'])).out).not.toContain('U0ANNA');
  expect(shown.out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}slack:U0ANNA {2}acknowledged: meter crm\/leads$/m);
  const json = z.object({ entries: z.array(z.object({ action: z.string() })) }).parse(JSON.parse((await cli.run(['audit', '--json'])).out));
  expect(json.entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['import', 'key-rotated']));
  expect((await cli.run(['audit', '--last', '1'])).err).toContain('These are the newest 1. For older ones:');

  await records(
    url,
    'the app is removed from Slack',
    async () => {
      await tellEvent(slack, app, eventCallback({ type: 'app_uninstalled' }, { team: 'T0FAKE' }));
      await expect.poll(() => runSql(url, "SELECT 1 FROM audit WHERE action = 'uninstall' AND platform = 'slack'")).not.toEqual([]);
    },
    { account_id: 'default', platform: 'slack', actor: null, action: 'uninstall' },
  );

  await records(url, 'person forget', () => ran(['person', 'forget', 'U0ANNA']), {
    ...whole,
    action: 'person-forgotten',
    about: {},
    person: [],
  });
  expect(await rowsWith(url, 'U0ANNA')).toEqual([]);
  expect((await cli.run(['audit'])).out).toMatch(/slack:somebody {2,}acknowledged: meter crm\/leads$/m);
  await app.stop();
  expect((await cli.run(['audit', '--last', '3'])).out).toMatch(/forgot a person$/m);
  await ran(['restore', 'all.backup', '--replace', '--yes']);
  expect(await runSql(url, 'SELECT platform, actor, action FROM audit ORDER BY seq DESC LIMIT 2')).toEqual([
    { ...terminal, action: 'restored' },
    { ...terminal, action: 'backup' },
  ]);
  seen.add('restored');
  await ran(['account', 'delete', 'default', '--yes']);
  expect(
    await runSql(url, "SELECT account_id, action, about FROM audit WHERE account_id IS NOT NULL OR action = 'account-deleted'"),
  ).toEqual([{ account_id: null, action: 'account-deleted', about: { account: 'default' } }]);
  seen.add('account-deleted');
  await ran(['person', 'forget', login]);
  expect((await rowsWith(url, 'terminal')).length).toBeGreaterThan(3);
  expect(await runSql(url, "SELECT action FROM audit WHERE platform = 'terminal' AND actor IS NOT NULL")).toEqual([]);
});

/** Rows of the record in which something stands, in whichever column. */
async function rowsWith(url: string, pattern: string): Promise<readonly unknown[]> {
  return runSql(url, `SELECT audit::text FROM audit WHERE audit::text ~ '${pattern}'`);
}

async function pasted(): Promise<Pipeline> {
  const pipeline = await startPipeline(PASTED_FILE, MONDAY);
  await pipeline.push([{ meter: 'open_ai', used: 900, total: 1000 }], { via: 'import', by: 'U0TOM' });
  return pipeline;
}

test('what is told about resets and reminders, what is undone, and what the purge does, is recorded too', async () => {
  const pipeline = await pasted();
  const { url, actions, subscriptions, store } = pipeline;
  const command = { account: 'default', source: 'abmatic', by: slackUser('U0TOM') };
  const row = { account_id: 'default', platform: 'slack', actor: 'U0TOM' };
  await pipeline.goTo(NEXT_AT_8);
  await records(url, 'handing on', () => actions.remindOthers({ ...command, place: null, isAdmin: false }), {
    ...row,
    action: 'reminder-reassigned',
    about: { source: 'abmatic' },
    person: ['slack:U0ADMIN'],
  });
  await records(url, 'stopping', () => actions.stopReminding({ ...command, of: 'everybody' }), { ...row, action: 'reminders-stopped' });
  const place = { kind: 'slack' as const, address: 'C0NEW' };
  await subscriptions.subscribe({ account: 'default', place, by: slackUser('U0TOM'), meters: 'all', operations: false });
  await records(url, 'undoing', () => subscriptions.takeBack({ account: 'default', place, by: slackUser('U0TOM'), former: null }), {
    ...row,
    action: 'subscribe-undone',
    place: 'slack:C0NEW',
  });
  const on = { meterId: await pipeline.meterId('open_ai') };
  await records(url, 'nothing to correct', () => actions.correct({ account: 'default', on, by: slackUser('U0TOM') }));
  await records(
    url,
    'installing',
    () =>
      store.slackInstallation.save(
        { account: 'default', team: 'T0FAKE', token: 'xoxb-1' },
        { accounts: ['default'], takesOver: false, by: 'U0TOM', now: pipeline.now() },
      ),
    { ...row, action: 'install', about: {}, place: 'slack:T0FAKE' },
  );
  await records(
    url,
    'what was typed may name anybody, and the admins are asked',
    async () => {
      const request = await actions.keepRefused({ ...command, command: 'remind U0TOM stop', place: { kind: 'slack', address: 'C0NEW' } });
      await actions.askAdmins({ ...command, invokedAs: '/usage', request });
    },
    { ...row, action: 'ask-admins', place: 'slack:C0NEW', person: ['slack:U0ADMIN'] },
  );
  await subscriptions.subscribe({ ...command, place: { kind: 'slack', address: 'U0TOM', direct: true }, meters: 'all', operations: false });
  const direct = (await store.destinations()).find(({ address }) => address === 'U0TOM');
  await records(
    url,
    'a test to a person',
    () =>
      store.addTest(
        direct?.id ?? '',
        'slack:U0TOM',
        { notification: randomUUID(), delivery: randomUUID() },
        { actor: { platform: 'terminal', id: 'olga' }, now: pipeline.now() },
      ),
    { action: 'test-sent', platform: 'terminal', person: ['slack:U0TOM'], place: null },
  );
  const stored = await store.person.stored(
    { platform: 'slack', id: 'U0TOM' },
    { actor: { platform: 'terminal', id: 'olga' }, now: pipeline.now() },
  );
  const named = await rowsWith(url, 'U0TOM');
  // The row that says that it was exported came after.
  expect([stored['audit']?.length, named.length]).toEqual([named.length - 1, expect.any(Number)]);
  await store.person.forget({ platform: 'slack', id: 'U0TOM' }, { actor: { platform: 'terminal', id: 'olga' }, now: pipeline.now() });
  expect(await rowsWith(url, 'U0TOM')).toEqual([]);
  await store.person.stored({ platform: 'slack', id: 'U0ADMIN' }, { actor: { platform: 'terminal', id: 'olga' }, now: pipeline.now() });
  expect((await rowsWith(url, 'U0ADMIN|C0NEW|T0FAKE')).length).toBeGreaterThan(3);

  await store.installationRemoved('default', 'slack', { code: 'account_inactive', reason: 'The app was removed.', now: pipeline.now() });
  await records(url, 'the same again', () =>
    store.installationRemoved('default', 'slack', { code: 'account_inactive', reason: 'The app was removed.', now: pipeline.now() }),
  );
  await records(url, 'the purge', () => pipeline.goTo('2026-12-10T08:00:00Z'), {
    account_id: 'default',
    platform: 'system',
    action: 'platform-purged',
    about: { platform: 'slack' },
  });
  // Ids of people, channels and workspaces, in any column.
  expect(await rowsWith(url, '[UWCT]0[A-Z]')).toEqual([]);
});

test('a correction is recorded', async () => {
  const pipeline = await startPipeline('routes: [{ slack: C0OPS, operations: true }]\n', '2026-11-02T09:00:00Z');
  const figures = (used: number) => pipeline.push([{ meter: 'leads', used, total: 1000 }]);
  await figures(900);
  for (const at of ['2026-11-03T09:00:00Z', '2026-11-03T10:00:00Z']) {
    await pipeline.goTo(at);
    await figures(3);
  }
  const on = { meterId: await pipeline.meterId('leads') };
  await records(pipeline.url, 'a correction', () => pipeline.actions.correct({ account: 'default', on, by: slackUser('U0TOM') }), {
    action: 'correction',
    actor: 'U0TOM',
    about: { meter: 'abmatic/leads' },
  });
});

test('a command that brings the database up to date is recorded in it', async () => {
  const { url } = await createFreshDatabase('template0');
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: url });
  expect((await cli.run(['migrate'])).code).toBe(0);
  expect(await runSql(url, 'SELECT action, actor, account_id FROM audit')).toEqual([{ action: 'migrate', actor: login, account_id: null }]);
  expect((await cli.run(['migrate'])).code).toBe(0);
  expect(await runSql(url, 'SELECT count(*)::int AS count FROM audit')).toEqual([{ count: 1 }]);
  seen.add('migrate');
});

test('all of the codes were recorded by something above', () => {
  expect([...seen].toSorted()).toEqual(auditActions.toSorted());
});

test('what is rolled back leaves no row', async () => {
  const pipeline = await pasted();
  const { url, store } = pipeline;
  const failing = () =>
    store.withSource('default', 'abmatic', pipeline.now(), async (transaction) => {
      await transaction.record({ action: 'period-set', actor: SYSTEM });
      throw new Error('it failed after all');
    });
  await records(url, 'a failure', () => expect(failing()).rejects.toThrow('it failed after all'));
});

test('the database refuses to change a row or to delete a young one, whoever asks', async () => {
  const { url, store } = await pasted();
  await store.audit.record(
    'default',
    {
      action: 'request',
      actor: { platform: 'slack', id: 'U0TOM' },
      place: { kind: 'slack', address: 'C0A' },
      people: [slackUser('U0OLGA'), slackUser('U0ANNA')],
    },
    new Date(),
  );
  for (const sql of [
    'DELETE FROM audit',
    'TRUNCATE audit',
    'TRUNCATE account CASCADE',
    "UPDATE audit SET action = 'snooze'",
    "UPDATE audit SET actor = 'U0EVE'",
    'UPDATE audit SET at = now()',
    "UPDATE audit SET about = '{}' WHERE about <> '{}'",
    "UPDATE audit SET place = 'slack:C0OTHER'",
    "UPDATE audit SET person = person || 'U0EVE'::text",
    'UPDATE audit SET account_id = NULL',
  ])
    await expect(runSql(url, sql), sql).rejects.toThrow('append-only');
  await expect(
    runSql(
      url,
      `INSERT INTO audit (at, platform, action, about) VALUES (now(), 'system', 'import', jsonb_build_object('x', repeat('x', 9000)))`,
    ),
  ).rejects.toThrow('audit_about_is_small');
  await runSql(url, "UPDATE audit SET actor = NULL, place = NULL, person = '{slack:U0ANNA}' WHERE action = 'request'");
  expect(await runSql(url, "SELECT actor, place, person FROM audit WHERE action = 'request'")).toEqual([
    { actor: null, place: null, person: ['slack:U0ANNA'] },
  ]);
});

test('a row is kept for 366 days, whatever our own clock says', async () => {
  const { url, store } = await pasted();
  await runSql(
    url,
    "INSERT INTO audit (at, platform, action, about, person) VALUES (now() - interval '366 days 1 minute', 'system', 'import', '{}', '{}'), (now() - interval '365 days', 'system', 'snooze', '{}', '{}')",
  );
  await store.audit.forget(new Date(Date.now() - 366 * 86_400_000));
  const left = async () =>
    (await runSql(url, "SELECT action FROM audit WHERE platform = 'system' AND account_id IS NULL")).map(({ action }) => action);
  expect(await left()).toEqual(['snooze']);
  await store.audit.forget(new Date(Date.now() + 5_000 * 86_400_000));
  expect(await left()).toEqual(['snooze']);
});
