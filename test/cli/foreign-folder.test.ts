import {
  chmodSync,
  chownSync,
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
import { expect, onTestFinished, test } from 'vitest';
import {
  createPrivateFile,
  openPrivateLog,
  placePrivateFile,
  readPrivateFile,
  replacePrivateFile,
  UnsafeFile,
} from '../../src/datadir/private-file.ts';
import { dataFolder, killDatabase } from '../support/app.ts';
import { commandProcess } from '../support/cli.ts';
import { isRoot, NOBODY, preparedFolder } from '../support/embedded.ts';

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
