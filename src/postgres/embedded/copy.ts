import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';

/**
 * Copies a folder to where every user may read and run what is in it. A copy that is there is used again if it is whole
 * and nobody else can have written to it: the place is open to everybody.
 */
export function copyForEverybody(from: string, to: string): Result<string, string> {
  try {
    if (isSame(from, to)) return ok(to);
    const draft = mkdtempSync(`${to}-`);
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    for (const path of [draft, ...everythingIn(draft)]) openUp(path);
    try {
      // Another start may have been quicker; what else stands there is no copy of ours.
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
    const reason = error instanceof Error ? error.message : String(error);
    return err(
      `PostgreSQL does not run as root, and it could not be copied to where another user may run it (${reason}). Run Creditwatch as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`,
    );
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

/** Whole, and ours alone to write: files that a cleaner of temporary folders took away are missed here. */
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
