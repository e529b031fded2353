import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dataFolder, killDatabase } from '../../support/app.ts';
import { runSql } from '../../support/database.ts';
import { expectWorking, isAlive, preparedFolder, serverPid, spawnOwner, startElsewhere, startHere } from '../../support/embedded.ts';

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const otherDatabase = (url: string): string => url.replace('/creditwatch?', '/postgres?');

test('the first start creates a database that only its owner can read, on loopback, with a password', async () => {
  const dataDir = join(dataFolder(), 'data');
  const server = await startHere(dataDir);
  expect(server.adopted).toBe(false);
  await expectWorking(server.url);
  expect(['', 'postgres', 'postgres/creditwatch.password', 'postgres.log'].map((path) => mode(join(dataDir, path)))).toEqual([
    '700',
    '700',
    '600',
    '600',
  ]);
  expect(readdirSync(dataDir).sort((a, b) => a.localeCompare(b))).toEqual(['postgres', 'postgres.log']);
  expect(
    await runSql(
      server.url,
      "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'fsync', 'TimeZone') ORDER BY lower(name)",
    ),
  ).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'TimeZone', setting: 'UTC' },
    { name: 'unix_socket_directories', setting: '' },
  ]);
  const guess = new URL(server.url);
  guess.password = 'guess';
  await expect(runSql(guess.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('the next start finds the stored data, and stopping ends the server', async () => {
  const dataDir = dataFolder();
  const first = await startHere(dataDir);
  await runSql(first.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
  const pid = serverPid(dataDir);
  await first.stop();
  await vi.waitUntil(() => pid !== null && !isAlive(pid), { timeout: 5000 });
  const second = await startHere(dataDir);
  expect(second.adopted).toBe(false);
  expect(await runSql(second.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
});

test('adopts a server left by kill -9 of its owner, with all committed data', async () => {
  const dataDir = preparedFolder();
  const owner = await startElsewhere(dataDir);
  const { url } = { url: '', ...owner.said };
  await runSql(url, 'CREATE TABLE kept AS SELECT 7 AS seven');
  await owner.kill();
  const left = serverPid(dataDir);
  expect(left).not.toBeNull();
  const adopted = await startHere(dataDir);
  expect([adopted.adopted, adopted.url, serverPid(dataDir)]).toEqual([true, url, left]);
  expect(await runSql(adopted.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  await adopted.stop();
  expect(serverPid(dataDir)).toBeNull();
});

test('restarts a server that was killed with its owner, with all committed data', async () => {
  const dataDir = preparedFolder();
  const owner = await startElsewhere(dataDir);
  const { url } = { url: '', ...owner.said };
  await runSql(url, 'CREATE TABLE kept AS SELECT 7 AS seven');
  await owner.kill();
  await killDatabase(dataDir);
  const again = await startHere(dataDir);
  expect(again.adopted).toBe(false);
  expect(await runSql(again.url, 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
});

test.each(['fresh', 'warm'])(
  'four %s starts at once, two of them in other processes, end with one server that all can use',
  async (kind) => {
    const dataDir = kind === 'warm' ? preparedFolder() : dataFolder();
    const [one, two, three, four] = await Promise.all([
      startHere(dataDir),
      startHere(dataDir),
      startElsewhere(dataDir),
      startElsewhere(dataDir),
    ]);
    const urls = [one.url, two.url, ...[three, four].map(({ said }) => ('url' in said ? said.url : said.failure.kind))];
    expect(new Set(urls).size).toBe(1);
    await expectWorking(one.url);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);

    const pid = serverPid(dataDir);
    await Promise.all([one.stop(), three.stop(), two.stop()]);
    expect(serverPid(dataDir)).toBe(pid);
    await four.stop();
    expect(serverPid(dataDir)).toBeNull();
  },
  60_000,
);

test('of two processes that stop at the same moment, one stops the server', async () => {
  const dataDir = preparedFolder();
  const [one, two] = await Promise.all([startHere(dataDir), startHere(dataDir)]);
  await Promise.all([one.stop(), two.stop()]);
  expect(serverPid(dataDir)).toBeNull();
});

test('stop leaves the server running while another client is connected, and ends it after that', async () => {
  const dataDir = preparedFolder();
  const server = await startHere(dataDir);
  const busy = runSql(server.url, 'SELECT pg_sleep(3600)').catch((error: unknown) => String(error));
  await vi.waitUntil(
    async () => (await runSql(otherDatabase(server.url), "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")).length === 1,
    { timeout: 5000 },
  );
  await server.stop();
  expect(serverPid(dataDir)).not.toBeNull();
  await runSql(server.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
  expect(await busy).toContain('terminating connection');
  await (await startHere(dataDir)).stop();
  expect(serverPid(dataDir)).toBeNull();
});

test('a half-made cluster of a start that was killed during initdb is never adopted, and is removed', async () => {
  const dataDir = dataFolder();
  const child = spawnOwner(dataDir);
  const sides = (): string[] => readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'));
  await vi.waitUntil(() => sides().some((name) => !name.endsWith('.password') && readdirSync(join(dataDir, name)).length > 5), {
    timeout: 20_000,
    interval: 5,
  });
  child.kill('SIGKILL');
  await vi.waitUntil(() => child.signalCode !== null, { timeout: 5000 });
  const left = sides();
  expect(left).not.toEqual([]);
  expect(readdirSync(dataDir)).not.toContain('postgres');

  const server = await startHere(dataDir);
  await expectWorking(server.url);
  await vi.waitUntil(() => sides().length === 0, { timeout: 20_000 });
}, 60_000);

test('a server that dies in use is restarted at the same URL, and can still be stopped', async () => {
  const dataDir = preparedFolder();
  const server = await startHere(dataDir);
  await runSql(server.url, 'CREATE TABLE kept AS SELECT 7 AS seven');
  for (const time of [1, 2]) {
    const before = serverPid(dataDir);
    await killDatabase(dataDir);
    await vi.waitUntil(
      () =>
        runSql(server.url, 'SELECT seven FROM kept').then(
          ([row]) => row?.['seven'] === 7,
          () => false,
        ),
      { timeout: 15_000, interval: 50 },
    );
    expect([time, serverPid(dataDir) !== before]).toEqual([time, true]);
  }
  await server.stop();
  expect(serverPid(dataDir)).toBeNull();
}, 60_000);

test('stopping while a dead server is being restarted leaves no server behind', async () => {
  const dataDir = preparedFolder();
  const server = await startHere(dataDir);
  await killDatabase(dataDir);
  await server.stop();
  expect(serverPid(dataDir)).toBeNull();
});

test('environment variables for another PostgreSQL have no effect, and the server does not get our secrets', async () => {
  const dataDir = preparedFolder();
  const owner = await startElsewhere(dataDir, {
    env: {
      PGPORT: '1',
      PGHOST: 'example.invalid',
      PGUSER: 'somebody',
      PGDATABASE: 'other',
      PGDATA: '/nowhere',
      PGSSLMODE: 'require',
      INGEST_KEY: 'a-secret-of-ours',
    },
  });
  expect(owner.said).toHaveProperty('url');
  const environment = `/proc/${serverPid(dataDir)}/environ`;
  if (process.platform === 'linux') expect(readFileSync(environment, 'utf8')).not.toContain('a-secret-of-ours');
  await owner.stop();
});
