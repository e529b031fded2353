import { randomUUID } from 'node:crypto';
import { lstatSync, lutimesSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { explainFolder } from './folder.ts';
import type { DataFolderFailure } from '../ports/outbound/data-folder.ts';
import { isAlive, isCode } from './system-errors.ts';
import { createPrivateFile, draftOf, readPrivateFile } from './private-file.ts';

/** A start updates its lock file every second. */
const TOUCH_EVERY_MS = 1_000;
/**
 * A lock file that was not updated for this long is stale. Its pid may belong to another process by now; in a container, even to
 * this one.
 */
const STALE_AFTER_MS = 10_000;

export type StartupLock = { readonly kind: 'mine'; release(): void } | { readonly kind: 'taken'; readonly pid: number };

/**
 * Acquires `DATA_DIR/starting`, which allows one start at a time in a folder, until `service.json` is written. Of two concurrent
 * starts exactly one gets `mine`. Removes the lock of a killed start.
 */
export function acquireStartupLock(dataDir: string): Result<StartupLock, DataFolderFailure> {
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
  // A file without a pid is about to be written, or was never finished.
  if (Number.isInteger(pid) && !isAlive(pid)) return true;
  const touchedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  // A clock that was set back leaves update times in the future.
  return touchedAt === undefined || Math.abs(Date.now() - touchedAt) > STALE_AFTER_MS;
}

/** Creates the file only if it does not exist. Not with a link, because not every container volume supports links. */
function placed(path: string, mark: string): boolean {
  try {
    createPrivateFile(path, mark);
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return false;
  }
}

/** Moves the file before deleting it, so that a lock that another start has just created can be put back. */
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
    // If the folder was removed, the code that needs files in it reports that.
  }
}
