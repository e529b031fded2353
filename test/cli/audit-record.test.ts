import { userInfo } from 'node:os';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NO_KEY_YET } from '../../src/messages/replies/keys.ts';
import type { CommandName } from '../../src/cli/program.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { anyText } from '../support/any-text.ts';
import { dataFolder, startApp } from '../support/app.ts';
import { commandLine, type CommandLine } from '../support/cli.ts';
import { createDatabase, createFreshDatabase, runSql, openTestStore } from '../support/database.ts';
import { copyOfMigrations } from '../support/every-table.ts';
import { readingNow } from '../support/readings.ts';
import { slackUser } from '../support/people.ts';

vi.setConfig({ testTimeout: 180_000 });

const login = userInfo().username;
const whole = { account_id: null, platform: 'terminal', actor: login };
const newest = (url: string, count = 1) =>
  runSql(url, `SELECT account_id, platform, actor, action, about FROM audit ORDER BY seq DESC LIMIT ${String(count)}`);

async function fresh(template: 'creditwatch' | 'template0' = 'creditwatch'): Promise<string> {
  const database = await createFreshDatabase(template);
  onTestFinished(() => database.drop());
  return database.url;
}

/** What is read before anything is stored says what there is, and is recorded. */
const BEFORE_THE_FIRST_START: readonly (readonly [readonly string[], { code: number; says: RegExp }, object])[] = [
  [['usage'], { code: 0, says: /./ }, { action: 'figures-read', about: { account: 'acme', command: 'usage' } }],
  [
    ['usage', 'history'],
    { code: 1, says: /^No figures yet/ },
    { action: 'figures-read', about: { account: 'acme', command: 'usage history' } },
  ],
  [['key'], { code: 1, says: new RegExp(NO_KEY_YET) }, { action: 'keys-shown', about: { account: 'acme' } }],
  [['key', 'retire'], { code: 0, says: /^There is no earlier key/ }, { action: 'keys-retired', about: { account: 'acme', count: 0 } }],
];

test.each(BEFORE_THE_FIRST_START)(
  '%j before the first start says what there is, in a row that names the account',
  async (words, then, row) => {
    const { url } = await createDatabase();
    const cli = commandLine({ dataDir: dataFolder(), databaseUrl: url });
    cli.write('creditwatch.yml', 'accounts: { acme: {} }\n');
    const { code, out, err } = await cli.run(words);
    expect([code, `${out}${err}`]).toEqual([then.code, expect.stringMatching(then.says)]);
    expect(await newest(url)).toEqual([{ ...whole, ...row }]);
  },
);

test('an account that creditwatch.yml names since the last start is read like the others', async () => {
  const { url } = await createDatabase();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: url, file: 'accounts: { acme: {} }\n', env: { INGEST_KEY: '' } });
  await app.stop();
  const cli = commandLine({ dataDir, databaseUrl: url });
  cli.write('creditwatch.yml', 'accounts: { acme: {}, later: {} }\n');
  expect(await cli.run(['key'])).toMatchObject({ code: 0, out: expect.stringContaining('Ingest key'), err: '' });
  expect(await newest(url, 2)).toEqual([
    { ...whole, action: 'keys-shown', about: { account: 'later' } },
    { ...whole, account_id: 'acme', action: 'keys-shown', about: {} },
  ]);
  for (const words of [
    ['usage', '--account', 'later'],
    ['key', 'retire', '--account', 'later'],
  ])
    expect([words, (await cli.run(words)).code]).toEqual([words, 0]);
});

test('whatever the names are, the database takes the row', async () => {
  const { url } = await createDatabase();
  const store = openTestStore(url, Buffer.alloc(32, 1));
  onTestFinished(() => store.close());
  const texts = fc.record({
    account: anyText,
    source: anyText,
    meter: anyText,
    period: anyText,
    choice: anyText,
    command: anyText,
    digest: anyText,
  });
  const rows = fc.tuple(texts, fc.array(anyText, { minLength: 20, maxLength: 30 }), anyText);
  await fc.assert(
    fc.asyncProperty(rows, async ([about, meters, id]) => {
      const entry = {
        action: 'subscribe' as const,
        actor: { platform: 'slack' as const, id },
        about: { ...about, meters },
        people: [slackUser(id)],
      };
      await store.audit.record('no such account', { ...entry, place: { kind: 'slack', address: id } }, new Date());
    }),
    { numRuns: 150 },
  );
  expect(await runSql(url, 'SELECT count(*)::int AS count FROM audit')).toEqual([{ count: 150 }]);
});

test('migrations that a start applies are recorded as its own, in the transaction of the last of them', async () => {
  const url = await fresh('template0');
  const app = await startApp({ dataDir: dataFolder(), databaseUrl: url });
  await app.stop();
  expect(await runSql(url, "SELECT platform, actor, action FROM audit WHERE action = 'migrate'")).toEqual([
    { platform: 'system', actor: null, action: 'migrate' },
  ]);
});

test('a migration that cannot be recorded is not applied, and the database is closed', async () => {
  const url = await fresh('template0');
  await migrate({ url, migrationsDir: copyOfMigrations((name) => !name.endsWith('_people_with_platforms')) });
  await runSql(url, "ALTER TABLE audit ADD CONSTRAINT refused CHECK (action <> 'migrate')");
  const cli = commandLine({ dataDir: dataFolder(), databaseUrl: url });
  expect(await cli.run(['migrate'])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('failed and was rolled back'),
  });
  const name = new URL(url).pathname.slice(1);
  await expect
    .poll(() =>
      runSql(
        url,
        `SELECT 1 FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      ),
    )
    .toEqual([]);
  await runSql(url, 'ALTER TABLE audit DROP CONSTRAINT refused');
  expect(await cli.run(['migrate'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Applied: \d+_people_with_platforms\./) });
  expect(await newest(url)).toEqual([{ ...whole, action: 'migrate', about: { count: 1 } }]);
});

test('an account whose deletion stops in the middle has the row that says who began it', async () => {
  const url = await fresh();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: url });
  expect((await app.push({ readings: [readingNow('leads', 10)] })).status).toBe(202);
  await app.stop();
  await runSql(
    url,
    `CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it stays'; END $$;
     CREATE TRIGGER stays BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION stays()`,
  );
  const cli = commandLine({ dataDir, databaseUrl: url });
  expect(await cli.run(['account', 'delete', 'default', '--yes'])).toMatchObject({ code: 1, err: expect.stringContaining('it stays') });
  expect(await runSql(url, 'SELECT count(*)::int AS count FROM reading')).toEqual([{ count: 0 }]);
  expect(await newest(url)).toEqual([{ ...whole, action: 'account-deleted', about: { account: 'default' } }]);
});

/** How each command is typed that reads or writes the database. */
const TYPED: Readonly<Record<Exclude<CommandName, 'demo' | 'presets' | 'add' | 'try' | 'completion'>, readonly (readonly string[])[]>> = {
  start: [['start']],
  migrate: [['migrate']],
  doctor: [['doctor']],
  usage: [['usage'], ['usage', 'leads'], ['usage', 'history'], ['usage', 'export'], ['usage', 'snooze', 'leads', 'tomorrow']],
  import: [['import', '-']],
  export: [['export']],
  backtest: [['backtest']],
  test: [['test', 'terminal']],
  key: [['key'], ['key', 'rotate'], ['key', 'retire']],
  capture: [
    ['capture', 'crm'],
    ['capture', '--list'],
    ['capture', '--revoke', 'capture-1a2b3c4d'],
  ],
  encryption: [['encryption', 'rotate']],
  backup: [['backup', '-']],
  restore: [['restore', 'whole.backup', '--replace', '--yes']],
  account: [['account', 'delete', 'default', '--yes']],
  person: [
    ['person', 'export', 'U0ANNA'],
    ['person', 'forget', 'U0ANNA'],
  ],
  audit: [['audit'], ['audit', '--json']],
};

/** Faults of the kind that no command expects. */
const BROKEN = [
  'ALTER TABLE audit ADD CONSTRAINT refused CHECK (false) NOT VALID',
  'ALTER TABLE account RENAME TO gone',
  'ALTER TABLE meter RENAME COLUMN label TO gone',
];

test.each(BROKEN)('whatever the database refuses, no command prints the words of a library: %s', async (breaking) => {
  const url = await fresh();
  const dataDir = dataFolder();
  const app = await startApp({ dataDir, databaseUrl: url, env: { INGEST_KEY: '' } });
  await app.stop();
  const cli = commandLine({ dataDir, databaseUrl: url });
  const reading = JSON.stringify({ source: 'crm', readings: [readingNow('leads', 950)] });
  expect((await cli.run(['import', '-'], { input: reading })).code).toBe(0);
  expect((await cli.run(['backup', 'whole.backup'])).code).toBe(0);
  await runSql(url, breaking);
  // A start that comes up would go on: it is tried where it cannot.
  const starts = breaking.includes('account');
  const all = Object.entries(TYPED).flatMap(([name, calls]) => (name === 'start' && !starts ? [] : calls));
  const failed = [];
  for (const words of all.toSorted((a, b) => rank(a) - rank(b))) {
    const { code, out, err } = await said(cli, words);
    expect(`${words.join(' ')}: ${out}${err}`).not.toMatch(/prisma|invocation|P20\d\d|raw query|DriverAdapter|node_modules/i);
    if (code !== 0) failed.push(words[0]);
  }
  expect(failed).toContain('usage');
});

/** What puts the database back comes last. */
function rank([name]: readonly string[]): number {
  return name === 'restore' ? 1 : 0;
}

async function said(cli: CommandLine, words: readonly string[]) {
  return cli.run(words, { input: JSON.stringify({ source: 'crm', readings: [readingNow('leads', 951)] }) });
}
