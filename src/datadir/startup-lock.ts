import { randomUUID } from 'node:crypto';
import { lstatSync, lutimesSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { explainFolder, isAlive, isCode } from './folder.ts';
import { createPrivateFile, draftOf, readPrivateFile } from './private-file.ts';

/** Whoever starts shows every second that it still does. */
const TOUCH_EVERY_MS = 1_000;
/** Not touched for so long, a claim is left over: its number may be of another process by now, in a container of this very one. */
const STALE_AFTER_MS = 10_000;

export type StartupLock = { readonly kind: 'mine'; release(): void } | { readonly kind: 'taken'; readonly pid: number };

/**
 * `DATA_DIR/starting`: one start at a time in a folder, from its beginning until it has written `service.json`. Of two at
 * once exactly one gets `mine`; what a killed start left is cleared away.
 */
export function acquireStartupLock(dataDir: string): Result<StartupLock, string> {
  const path = join(dataDir, 'starting');
  const mark = `${process.pid} ${randomUUID()}\n`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const holder = readMark(path);
    if (holder !== null) {
      if (!isStale(path, holder)) return ok({ kind: 'taken', pid: holder.pid });
      clearAway(path, holder.mark);
    }
    if (!placed(path, mark)) return ok({ kind: 'taken', pid: readMark(path)?.pid ?? Number.NaN });
  } catch (error) {
    return err(explainFolder(dataDir, path, error));
  }
  const touching = setInterval(() => touch(path), TOUCH_EVERY_MS).unref();
  return ok({
    kind: 'mine',
    release() {
      clearInterval(touching);
      if (readMark(path)?.mark === mark) rmSync(path, { force: true });
    },
  });
}

type Mark = { readonly mark: string; readonly pid: number };

function readMark(path: string): Mark | null {
  try {
    const mark = readPrivateFile(path);
    return { mark, pid: Number.parseInt(mark, 10) };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function isStale(path: string, { pid }: Mark): boolean {
  // Without a number it is about to be written, or was never finished.
  if (Number.isInteger(pid) && !isAlive(pid)) return true;
  const touchedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  // A clock that was set back leaves what was touched in the future.
  return touchedAt === undefined || Math.abs(Date.now() - touchedAt) > STALE_AFTER_MS;
}

/** Made only where there is none: the second of two loses. Not linked into place, which not every volume of a container can. */
function placed(path: string, mark: string): boolean {
  try {
    createPrivateFile(path, mark);
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return false;
  }
}

/** Moved before it is deleted: what another start put there meanwhile is put back. */
function clearAway(path: string, stale: string): void {
  const aside = draftOf(path);
  try {
    renameSync(path, aside);
    if (readMark(aside)?.mark !== stale) renameSync(aside, path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    lutimesSync(path, now, now);
  } catch {
    // A folder that went away is said by whoever needs something in it.
  }
}
