import { linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '../core/result.ts';
import { isCode } from '../datadir/system-errors.ts';
import { draftOf, settleFolder } from '../datadir/private-file.ts';
import { backupFileText } from '../messages/failures/backup.ts';
import { openBackup, type OpenBackup } from '../postgres/backup/open.ts';
import { backupFailed, fileExists, notAFile } from '../messages/replies/backup.ts';

/** The exit code that shells expect after a signal. */
const ENDED_BY_SIGNAL = 130;

type Written = Pick<OpenBackup, 'header' | 'rows' | 'bytes'>;

/** `shown`: the name of the file as it was typed. */
export type BackupFile = { readonly path: string; readonly shown: string; readonly force: boolean };

/** Returns why a backup may not be written to this file, or null if it may. */
export function refusesFile({ path, shown, force }: BackupFile): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return notAFile(shown);
  return force ? null : fileExists(shown);
}

/**
 * Writes a backup to a temporary file (0600) in the same folder, verifies it, and then renames it, so that a file with the final name is
 * complete.
 *
 * @returns the error is a text for the operator
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
    // Fails if the name exists, also as a link, so the file is certainly new.
    const made = await open(draft, 'wx', 0o600);
    // The stream closes the file after its content is on the disk.
    await pipeline(Readable.from(bytes, { objectMode: false }), made.createWriteStream({ flush: true }));
    const written = await openBackup(draft);
    if (!written.ok) return err(backupFileText(shown, written.error));
    await written.value.close();
    const refused = refusesFile(file);
    if (refused !== null) return err(refused);
    place(draft, path, force);
    settleFolder(dirname(path));
    return ok(written.value);
  } catch (error) {
    return err(backupFailed(shown, error instanceof Error ? error.message : String(error)));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    rmSync(draft, { force: true });
  }
}

/**
 * Gives the file its final name. If two backups with the same name are written at the same time, the second fails unless it may replace the
 * first.
 */
function place(draft: string, path: string, force: boolean): void {
  if (force) return renameSync(draft, path);
  try {
    linkSync(draft, path);
  } catch (error) {
    // Not every file system supports links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) throw error;
    renameSync(draft, path);
  }
}
