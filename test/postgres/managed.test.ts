import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { bringUpToDate, openDatabase } from '../../src/cli/open-database.ts';
import { loadConfig } from '../../src/app/load-config.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/postgres/embedded/server.ts';
import { reachDatabase } from '../../src/postgres/reach.ts';
import { createWakeQueue } from '../../src/queue/wake-queue.ts';
import { dataFolder, ENCRYPTION_KEY } from '../support/app.ts';
import { runSql } from '../support/database.ts';
import { closedPort } from '../support/ports.ts';
import { certificates, clientCertificate, hasPgBouncer, startPgBouncer } from '../support/servers.ts';
import { recordedLog } from '../support/slack/recorded-log.ts';
import { embeddedFailureText } from '../../src/messages/failures/embedded-database.ts';
import { StoreUnavailable } from '../../src/ports/stores/store-errors.ts';
import { openDatabase as openPool } from '../../src/postgres/store/sql/database.ts';

/** A server of its own, whose settings the tests may change. */
const dataDir = mkdtempSync(join(tmpdir(), 'creditwatch-managed-'));
const tls = mkdtempSync(join(tmpdir(), 'creditwatch-tls-'));
let server: EmbeddedServer;
beforeAll(async () => {
  const started = await startEmbedded({ dataDir });
  if (!started.ok) throw new Error(embeddedFailureText(started.error));
  server = started.value;
});
afterAll(async () => {
  await server.stop();
  for (const folder of [dataDir, tls]) rmSync(folder, { recursive: true, force: true });
});

function urlOf(
  parts: {
    readonly database?: string;
    readonly user?: string;
    readonly password?: string;
    readonly parameters?: Readonly<Record<string, string>>;
    readonly at?: string;
  } = {},
): string {
  const url = new URL(parts.at ?? server.url);
  // The embedded server's own URLs disable TLS.
  url.searchParams.delete('sslmode');
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  for (const [name, value] of Object.entries(parts.parameters ?? {})) url.searchParams.set(name, value);
  return url.href;
}

async function newDatabase(name: string, ...statements: readonly string[]): Promise<void> {
  await runSql(urlOf({ database: 'postgres' }), `CREATE DATABASE ${name}`);
  for (const statement of statements) await runSql(urlOf({ database: name }), statement);
}

/** Opens, migrates and sends a wake, as a start does. */
async function open(env: Readonly<Record<string, string>>) {
  const config = loadConfig({ env: { ENCRYPTION_KEY, DATA_DIR: dataFolder(), ...env }, cwd: dataFolder() });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const opened = await openDatabase(config.value, 'command');
  if (!opened.ok) return opened.error;
  const { url, queueSchema, store } = opened.value;
  try {
    const migrated = await bringUpToDate(url, SYSTEM);
    if (!migrated.ok) return migrated.error;
    const queue = await createWakeQueue({ redisUrl: null, databaseUrl: url, schema: queueSchema, log: recordedLog() });
    const woken = new Promise<string>((resolve) => void queue.work(async (id) => resolve(id)));
    queue.wake('destination');
    const id = await woken;
    await queue.close();
    await store.ping();
    return { woken: id };
  } finally {
    await opened.value.close();
  }
}

async function tablesOf(database: string): Promise<readonly string[]> {
  const rows = await runSql(
    urlOf({ database }),
    "SELECT DISTINCT table_schema AS is FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
  );
  return rows.map((row) => String(row['is']));
}

describe('TLS, as in libpq', () => {
  let files: ReturnType<typeof certificates>;
  const reach = (parameters: Readonly<Record<string, string>>) =>
    reachDatabase(urlOf({ database: 'creditwatch', parameters }), { directUrl: null, patienceMs: 0 });

  test('a server without TLS is reached with prefer, allow and disable; the other modes report that it has no TLS', async () => {
    for (const sslmode of ['prefer', 'allow', 'disable']) expect(await reach({ sslmode }), sslmode).toMatchObject({ ok: true });
    expect(await reach({})).toMatchObject({ ok: true });
    for (const sslmode of ['require', 'verify-full'])
      expect(await reach({ sslmode }), sslmode).toMatchObject({ ok: false, error: { kind: 'unusable', problem: 'no-tls' } });
  });

  test('with a private authority, require and prefer connect without checking, and sslrootcert checks the certificate', async () => {
    files = certificates(tls, join(dataDir, 'postgres'));
    for (const [name, value] of [
      ['ssl_cert_file', files.cert],
      ['ssl_key_file', files.key],
      ['ssl', 'on'],
    ])
      await runSql(urlOf({ database: 'postgres' }), `ALTER SYSTEM SET ${String(name)} = '${String(value)}'`);
    await runSql(urlOf({ database: 'postgres' }), 'SELECT pg_reload_conf()');
    await expect.poll(async () => (await reach({ sslmode: 'require' })).ok, { timeout: 10_000 }).toBe(true);

    for (const parameters of [
      {},
      { sslmode: 'prefer' },
      { sslmode: 'allow' },
      { sslmode: 'require', sslrootcert: files.ca },
      { sslmode: 'verify-ca', sslrootcert: files.ca },
      { sslmode: 'verify-full', sslrootcert: files.ca },
    ])
      expect(await reach(parameters), JSON.stringify(parameters)).toMatchObject({ ok: true });

    for (const parameters of [
      { sslmode: 'verify-ca' },
      { sslmode: 'verify-full' },
      { sslmode: 'require', sslrootcert: files.otherCa },
      { sslmode: 'verify-full', sslrootcert: files.otherCa },
    ])
      expect(await reach(parameters), JSON.stringify(parameters)).toMatchObject({
        ok: false,
        error: { kind: 'unusable', problem: 'untrusted-certificate' },
      });
    expect(await reach({ sslmode: 'verify-full', sslrootcert: '/nowhere.pem' })).toEqual({
      ok: false,
      error: {
        kind: 'connection-string',
        variable: 'DATABASE_URL',
        mistake: { kind: 'file-unreadable', parameter: 'sslrootcert', path: '/nowhere.pem', code: 'ENOENT' },
      },
    });
  });

  test('with TLS, the pool, the migrations and the queue are all encrypted', async () => {
    await newDatabase('encrypted');
    const url = urlOf({ database: 'encrypted', parameters: { sslmode: 'verify-full', sslrootcert: files.ca } });
    expect(await open({ DATABASE_URL: url })).toEqual({ woken: 'destination' });
    const pool = openPool(url, { connections: 1 });
    expect(await pool.query((queries) => queries.rows`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`)).toEqual([{ ssl: true }]);
    await pool.close();
  });

  test('a role with certificate authentication connects everywhere with sslcert and sslkey, and each missing part is reported', async () => {
    await newDatabase('certified', 'CREATE ROLE certified LOGIN', 'GRANT CREATE ON SCHEMA public TO certified');
    const hba = join(dataDir, 'postgres', 'pg_hba.conf');
    writeFileSync(hba, `hostssl all certified 127.0.0.1/32 cert\n${readFileSync(hba, 'utf8')}`);
    await runSql(urlOf({ database: 'postgres' }), `ALTER SYSTEM SET ssl_ca_file = '${files.ca}'`);
    await runSql(urlOf({ database: 'postgres' }), 'SELECT pg_reload_conf()');
    const mine = clientCertificate(tls, 'certified', 'key-word');
    const other = clientCertificate(tls, 'stranger', 'key-word');
    const as = (parameters: Readonly<Record<string, string>>) =>
      urlOf({
        database: 'certified',
        user: 'certified',
        password: '',
        parameters: { sslmode: 'verify-full', sslrootcert: files.ca, ...parameters },
      });
    const through = (parameters: Readonly<Record<string, string>>) => reachDatabase(as(parameters), { directUrl: null, patienceMs: 0 });
    const whole = { sslcert: mine.cert, sslkey: mine.key };

    await expect.poll(async () => (await through(whole)).ok, { timeout: 10_000 }).toBe(true);
    expect(await through({ sslcert: mine.cert, sslkey: mine.lockedKey, sslpassword: 'key-word' })).toMatchObject({ ok: true });
    expect(await open({ DATABASE_URL: as(whole) })).toEqual({ woken: 'destination' });
    const pool = openPool(as(whole), { connections: 1 });
    expect(await pool.query((queries) => queries.rows`SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()`)).toEqual([
      { client_dn: '/CN=certified' },
    ]);
    await pool.close();

    const refused: readonly (readonly [Readonly<Record<string, string>>, object])[] = [
      [{}, { problem: 'client-certificate-required' }],
      [{ sslcert: other.cert, sslkey: other.key }, { problem: 'client-certificate-required' }],
      [{ sslcert: mine.cert }, { mistake: { kind: 'one-missing', missing: 'sslkey' } }],
      [{ sslkey: mine.key }, { mistake: { kind: 'one-missing', missing: 'sslcert' } }],
      [{ sslcert: mine.key, sslkey: mine.key }, { mistake: { kind: 'not-a-certificate', path: mine.key } }],
      [{ sslcert: mine.cert, sslkey: mine.cert }, { mistake: { kind: 'not-a-key', path: mine.cert } }],
      [{ sslcert: mine.cert, sslkey: other.key }, { mistake: { kind: 'no-match', key: other.key, certificate: mine.cert } }],
      [{ sslcert: mine.cert, sslkey: mine.lockedKey }, { mistake: { kind: 'no-password', path: mine.lockedKey } }],
      [
        { sslcert: mine.cert, sslkey: mine.lockedKey, sslpassword: 'wrong-word' },
        { mistake: { kind: 'wrong-password', path: mine.lockedKey } },
      ],
      [
        { sslcert: '/nowhere.crt', sslkey: mine.key },
        { mistake: { kind: 'file-unreadable', parameter: 'sslcert', path: '/nowhere.crt', code: 'ENOENT' } },
      ],
    ];
    for (const [parameters, why] of refused) {
      const reached = await through(parameters);
      expect(reached, JSON.stringify(parameters)).toMatchObject({ ok: false, error: why });
      expect(JSON.stringify(reached)).not.toMatch(/key-word|wrong-word/);
    }
  }, 60_000);
});

describe('a role with few rights', () => {
  test('that may create nothing in the database works in a schema that it may write to', async () => {
    await newDatabase('modest', "CREATE ROLE modest LOGIN PASSWORD 'secret-word'", 'GRANT CREATE ON SCHEMA public TO modest');
    expect(await open({ DATABASE_URL: urlOf({ database: 'modest', user: 'modest', password: 'secret-word' }) })).toEqual({
      woken: 'destination',
    });
    expect(await tablesOf('modest')).toEqual(['public']);
  });

  test('with its own search_path keeps all tables there', async () => {
    await newDatabase(
      'pathed',
      "CREATE ROLE pathed LOGIN PASSWORD 'secret-word'",
      'CREATE SCHEMA "OwnPlace" AUTHORIZATION pathed',
      'ALTER ROLE pathed SET search_path = "OwnPlace"',
    );
    expect(await open({ DATABASE_URL: urlOf({ database: 'pathed', user: 'pathed', password: 'secret-word' }) })).toEqual({
      woken: 'destination',
    });
    expect(await tablesOf('pathed')).toEqual(['OwnPlace']);
  });

  test('?schema= selects the schema of all tables, which is created if missing', async () => {
    await newDatabase('schemed');
    const url = urlOf({ database: 'schemed', parameters: { schema: 'Credit_watch' } });
    for (const round of [1, 2]) expect(await open({ DATABASE_URL: url }), String(round)).toEqual({ woken: 'destination' });
    expect(await tablesOf('schemed')).toEqual(['Credit_watch']);
    expect(await open({ DATABASE_URL: urlOf({ database: 'schemed', parameters: { schema: 'own place' } }) })).toMatch(
      /own place.*letters, digits/,
    );
  });

  test('without any write permission gets the GRANT statement to run', async () => {
    await newDatabase('closed', "CREATE ROLE closed LOGIN PASSWORD 'secret-word'");
    expect(await open({ DATABASE_URL: urlOf({ database: 'closed', user: 'closed', password: 'secret-word' }) })).toMatch(
      /permission denied for schema public.*GRANT CREATE/,
    );
  });
});

test('each error is told apart', async () => {
  const mistakes: readonly (readonly [string, object])[] = [
    [urlOf({ password: 'wrong-word', user: 'modest', database: 'modest' }), { problem: 'password-refused' }],
    [urlOf({ database: 'nowhere' }), { problem: 'missing' }],
    [
      urlOf({ at: `postgresql://u:p@127.0.0.1:${String(await closedPort())}/x` }),
      { problem: 'unreachable', said: expect.stringContaining('ECONNREFUSED') },
    ],
    [urlOf({ at: 'postgresql://u:p@no-such-host.invalid/x' }), { problem: expect.stringMatching(/^un(known|resolved)-host$/) }],
  ];
  for (const [url, failure] of mistakes) {
    const reached = await reachDatabase(url, { directUrl: null, patienceMs: 0 });
    expect(reached).toMatchObject({ ok: false, error: { kind: 'unusable', variable: 'DATABASE_URL', ...failure } });
    expect(JSON.stringify(reached)).not.toContain('wrong-word');
  }
}, 30_000);

describe('a server that becomes read-only, and writable again', () => {
  test.each([
    [
      'the database',
      'ALTER DATABASE failing SET default_transaction_read_only = on',
      'ALTER DATABASE failing RESET default_transaction_read_only',
    ],
    ['the server', 'ALTER SYSTEM SET default_transaction_read_only = on', 'ALTER SYSTEM RESET default_transaction_read_only'],
  ])('%s: writes and the check are unavailable, and both recover with the next call', async (_what, close, reopen) => {
    const admin = urlOf({ database: 'postgres' });
    if ((await runSql(admin, "SELECT 1 FROM pg_database WHERE datname = 'failing'")).length === 0)
      await newDatabase('failing', 'CREATE TABLE proof (at timestamptz)');
    const order = async (sql: string) => {
      await runSql(urlOf({ database: 'postgres', parameters: { options: '-c default_transaction_read_only=off' } }), sql);
      await runSql(admin, 'SELECT pg_reload_conf()');
    };
    const pool = openPool(urlOf({ database: 'failing' }), { connections: 4 });
    const write = () => pool.transaction((queries) => queries.run`INSERT INTO proof VALUES (now())`);
    const several = () => Promise.allSettled([1, 2, 3, 4].map(write));
    try {
      await several();
      await order(close);
      // This setting of the database applies to new sessions only.
      await runSql(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'failing'");
      await expect
        .poll(
          () =>
            write().then(
              () => null,
              (error: unknown) => String(error),
            ),
          { timeout: 10_000 },
        )
        .toContain('read-only');
      await several();
      await expect(pool.check()).rejects.toThrow(StoreUnavailable);
      await order(reopen);
      await expect
        .poll(
          () =>
            write().then(
              () => true,
              () => false,
            ),
          { timeout: 5_000 },
        )
        .toBe(true);
      expect((await several()).map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'));
      await pool.check();
    } finally {
      await order(reopen);
      await pool.close();
    }
  });
});

describe.skipIf(!hasPgBouncer)('behind PgBouncer (skipped where it is not installed)', () => {
  test.each(['transaction', 'session'] as const)(
    'in %s mode it works with DIRECT_DATABASE_URL, and names that without it',
    async (mode) => {
      const name = `pooled_${mode}`;
      await newDatabase(name);
      const pooled = urlOf({ at: await startPgBouncer(server.url, mode), database: name });
      expect(await open({ DATABASE_URL: pooled })).toMatch(/connection pooler.*PgBouncer.*DIRECT_DATABASE_URL/);
      const direct = urlOf({ database: name });
      expect(await open({ DATABASE_URL: pooled, DIRECT_DATABASE_URL: direct })).toEqual({ woken: 'destination' });
      expect(await open({ DATABASE_URL: urlOf({ at: pooled, parameters: { schema: 'own' } }), DIRECT_DATABASE_URL: direct })).toMatch(
        /does not accept \?schema=.*ALTER ROLE/,
      );
    },
  );
});
