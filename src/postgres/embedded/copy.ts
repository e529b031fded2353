import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import { reasonOf, type EmbeddedFailure } from './failure.ts';

/**
 * Copies a folder to a place where every user can read and run it. Reuses an existing copy if it is complete and no other user can
 * have written to it, because every user can write to the place.
 */
export function copyForEverybody(from: string, to: string): Result<string, EmbeddedFailure> {
  try {
    if (isSame(from, to)) return ok(to);
    const draft = mkdtempSync(`${to}-`);
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    for (const path of [draft, ...everythingIn(draft)]) openUp(path);
    try {
      // Another start may have been faster. Anything else at this path is not our copy.
      if (!isSame(from, to)) {
        if (existsSync(to)) renameSync(to, `${draft}.old`);
        renameSync(draft, to);
      }
    } catch (error) {
      if (!isSame(from, to)) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
      rmSync(`${draft}.old`, { recursive: true, force: true });
    }
    return ok(to);
  } catch (error) {
    return err({ kind: 'not-copied', said: reasonOf(error) });
  }
}

function everythingIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

function openUp(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  const run = (entry.mode & 0o100) === 0 ? 0 : 0o111;
  chmodSync(path, (entry.mode & 0o700) | 0o444 | run);
}

/** Whether the copy is complete and writable by us alone. Cleaners of temporary folders may have removed files. */
function isSame(from: string, to: string): boolean {
  try {
    const folder = lstatSync(to);
    if (!folder.isDirectory() || folder.uid !== process.getuid?.() || (folder.mode & 0o022) !== 0) return false;
    return everythingIn(from).every((path) => {
      const [original, copy] = [lstatSync(path), lstatSync(join(to, relative(from, path)))];
      return original.isDirectory() ? copy.isDirectory() : original.size === copy.size && copy.uid === folder.uid;
    });
  } catch {
    return false;
  }
}
