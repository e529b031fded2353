import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createPrivateFile,
  openPrivateLog,
  placePrivateFile,
  readPrivateFile,
  replacePrivateFile,
  UnsafeFile,
} from '../../src/datadir/private-file.ts';
import { explainFailure } from '../../src/postgres/embedded/failure.ts';
import { dataFolder, killDatabase, startProcess, type App } from '../support/app.ts';
import { commandLine, commandProcess } from '../support/cli.ts';
import { isRoot, NOBODY, preparedFolder } from '../support/embedded.ts';
import { readingNow } from '../support/readings.ts';

vi.setConfig({ testTimeout: 90_000 });

/** A file of ours that nobody may touch, and a way to see that nobody did. */
function victim(): { readonly path: string; readonly state: () => unknown } {
  const folder = mkdtempSync(join(tmpdir(), 'creditwatch-victim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'victim');
  writeFileSync(path, 'as it was\n', { mode: 0o600 });
  return {
    path,
    state: () => {
      const { uid, gid, mode, nlink } = statSync(path);
      return { uid, gid, mode, nlink, text: readFileSync(path, 'utf8') };
    },
  };
}

const LINKED = ['postgres.log', 'encryption.key', 'service.json', 'starting', 'postgres'];

test.runIf(isRoot).each(LINKED)(
  'root that runs a command in the folder of another user touches nothing where that user led %s elsewhere (skipped unless root)',
  async (name) => {
    const folder = name === 'postgres' ? dataFolder() : preparedFolder();
    const { path, state } = victim();
    const before = state();
    rmSync(join(folder, name), { force: true });
    symlinkSync(path, join(folder, name));
    for (const made of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
      lchownSync(join(folder, made), NOBODY.uid, NOBODY.gid);
    await commandProcess({ dataDir: folder }).run(['usage']);
    await killDatabase(folder);
    expect(state()).toEqual(before);
    for (const made of ['encryption.key', 'postgres.log', 'postgres'])
      if (existsSync(join(folder, made)) && !lstatSync(join(folder, made)).isSymbolicLink())
        expect([made, statSync(join(folder, made)).uid]).toEqual([made, NOBODY.uid]);
  },
);

test.runIf(isRoot)('root makes nothing of its own in the folder of another user, nor below it (skipped unless root)', async () => {
  const home = mkdtempSync(join(tmpdir(), 'creditwatch-home-'));
  onTestFinished(async () => {
    await killDatabase(join(home, 'data'));
    rmSync(home, { recursive: true, force: true });
  });
  chmodSync(home, 0o755);
  chownSync(home, NOBODY.uid, NOBODY.gid);
  const { code, err } = await commandProcess({ dataDir: join(home, 'data') }).run(['usage']);
  const made = lstatSync(join(home, 'data'), { throwIfNoEntry: false })?.uid ?? null;
  // Where that user can read the program, the command runs as that user; else it is refused.
  expect([code, made]).toEqual(code === 0 ? [0, NOBODY.uid] : [1, null]);
  if (code !== 0) expect(err).toMatch(/is in a folder of another user \(id 65534\), in which root does not write/);
});

test('a file of the data folder is neither read nor written through a link, a second name or where a folder stands', () => {
  const { path, state } = victim();
  const before = state();
  const folder = dataFolder();
  const at = (name: string) => join(folder, name);
  symlinkSync(path, at('link'));
  symlinkSync(at('nowhere'), at('dangling'));
  mkdirSync(at('folder'));
  for (const name of ['link', 'dangling', 'folder']) {
    expect(() => openPrivateLog(at(name), null), name).toThrow(UnsafeFile);
    expect(() => createPrivateFile(at(name), 'ours'), name).toThrow(/EEXIST/);
  }
  expect(() => readPrivateFile(at('link'))).toThrow(UnsafeFile);
  placePrivateFile(at('link'), 'ours');
  expect(state()).toEqual(before);
  replacePrivateFile(at('link'), 'ours');
  expect([state(), readPrivateFile(at('link')), lstatSync(at('link')).mode & 0o777]).toEqual([before, 'ours', 0o600]);
  expect(existsSync(at('nowhere'))).toBe(false);
});

test('a data folder may have any character in its path, also those that a shell would take for something else', async () => {
  const dataDir = join(dataFolder(), `a $HOME "b" 'c' \`d\` \\e ü`);
  mkdirSync(dataDir);
  const cli = commandLine({ dataDir });
  for (const used of [1, 2]) {
    const done = await cli.run(['import', '-'], { input: JSON.stringify({ source: 'acme', readings: [readingNow('m', used)] }) });
    expect([done.code, done.err]).toEqual([0, '']);
  }
});

test('a user with a number and no name is recognized', () => {
  expect(explainFailure('/data', 'initdb: error: could not look up effective user ID 54321: user does not exist')).toEqual({
    kind: 'nameless-user',
    uid: '54321',
  });
});

const push = async (app: App, key: string) =>
  (await app.push({ readings: [{ meter: 'leads', used: 1, total: 10 }] }, { authorization: `Bearer ${key}` })).status;

test('encryption rotate with the key file: a new key beside the running service, and again without it; a backup is read with it elsewhere', async () => {
  const dataDir = preparedFolder();
  const cli = commandLine({ dataDir });
  const path = join(dataDir, 'encryption.key');
  const options = { dataDir, env: { INGEST_KEY: '' } };
  const app = await startProcess(options);
  const ingestKey = readFileSync(join(dataDir, 'ingest-key'), 'utf8').trim();
  const first = readFileSync(path, 'utf8');
  const rotated = await cli.run(['encryption', 'rotate']);
  expect([rotated.code, rotated.err, rotated.out]).toEqual([
    0,
    '',
    expect.stringMatching(/^Made a new encryption\.key: 1 stored secret encrypted with it\. The previous key is deleted\.\n/),
  ]);
  const second = readFileSync(path, 'utf8');
  expect([second === first, existsSync(`${path}.previous`), statSync(path).mode & 0o777]).toEqual([false, false, 0o600]);
  // The service goes on with it: what it encrypts now is read after a restart.
  const key = /cw_\S+/.exec((await cli.run(['key', 'rotate'])).out)?.[0] ?? '';
  expect([await push(app, ingestKey), await push(app, key)]).toEqual([202, 202]);
  await app.stop();

  expect((await cli.run(['encryption', 'rotate'])).out).toMatch(/^Made a new encryption\.key: 2 stored secrets encrypted with it\./);
  expect(readFileSync(path, 'utf8')).not.toBe(second);
  expect((await cli.run(['backup', 'all.backup'])).code).toBe(0);
  const elsewhere = preparedFolder();
  const there = commandLine({ dataDir: elsewhere });
  expect((await there.run(['restore', join(cli.folder, 'all.backup')])).err).toMatch(/are not encrypted with the key in .*encryption\.key/);
  copyFileSync(path, join(elsewhere, 'encryption.key'));
  expect((await there.run(['restore', join(cli.folder, 'all.backup')])).code).toBe(0);
  expect((await there.run(['key'])).out.match(/\bcw_\S+/g)).toEqual([key, ingestKey]);
});
