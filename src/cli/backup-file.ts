import { linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '../core/result.ts';
import { isCode } from '../datadir/folder.ts';
import { draftOf, settleFolder } from '../datadir/private-file.ts';
import { openBackup, type OpenBackup } from '../postgres/backup/open.ts';

/** What a shell expects of a process that a signal ended. */
const ENDED_BY_SIGNAL = 130;

type Written = Pick<OpenBackup, 'header' | 'rows' | 'bytes'>;

/** `shown`: what the file is called where it was typed. */
export type BackupFile = { readonly path: string; readonly shown: string; readonly force: boolean };

/** Why a backup may not be written there; null when it may. */
export function refusesFile({ path, shown, force }: BackupFile): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return `${shown} is no plain file. Name another file, or write to standard output: npx creditwatch backup -`;
  return force ? null : `${shown} exists already. Name another file, or add --force to replace it.`;
}

/**
 * Writes a backup into a file (0600) beside its place, checks it whole, and gives it its name then: what has the name is complete.
 *
 * @returns the error is for the operator
 */
export async function writeBackup(file: BackupFile, bytes: AsyncIterable<Uint8Array>): Promise<Result<Written, string>> {
  const { path, shown, force } = file;
  const draft = draftOf(path);
  const stop = (): void => {
    rmSync(draft, { force: true });
    process.exit(ENDED_BY_SIGNAL);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    // Made by this process alone: where anything stands under the name, a link among it, it fails.
    const made = await open(draft, 'wx', 0o600);
    // Closed at its end, after what was written is on the disk.
    await pipeline(Readable.from(bytes, { objectMode: false }), made.createWriteStream({ flush: true }));
    const written = await openBackup(draft, shown);
    if (!written.ok) return written;
    await written.value.close();
    const refused = refusesFile(file);
    if (refused !== null) return err(refused);
    place(draft, path, force);
    settleFolder(dirname(path));
    return ok(written.value);
  } catch (error) {
    return err(`The backup was not written to ${shown}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    rmSync(draft, { force: true });
  }
}

/** Of two backups to one name at once, the second fails unless it is to replace the first. */
function place(draft: string, path: string, force: boolean): void {
  if (force) return renameSync(draft, path);
  try {
    linkSync(draft, path);
  } catch (error) {
    // Not every file system has links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) throw error;
    renameSync(draft, path);
  }
}
