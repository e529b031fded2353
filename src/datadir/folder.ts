import { statfsSync } from 'node:fs';
import type { DataFolderFailure } from '../ports/outbound/data-folder.ts';
import { UnsafeFile } from './private-file.ts';
import { isCode } from './system-errors.ts';

/** Returns why a data folder, or the file at `path` in it, cannot be used. */
export function explainFolder(dataDir: string, path: string, error: unknown): DataFolderFailure {
  if (error instanceof UnsafeFile) return { kind: 'unsafe-file', path: error.path, is: error.is };
  if (isCode(error, 'ENOSPC')) return { kind: 'disk-full', dataDir };
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS')) return { kind: 'not-writable', dataDir };
  return { kind: 'failed', path, said: error instanceof Error ? error.message : String(error) };
}

/**
 * Returns how many bytes an ordinary user can still write to the disk of a folder.
 *
 * @throws the system's error, such as ENOENT
 */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
