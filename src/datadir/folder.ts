import { isCode } from './system-errors.ts';

/** Returns the error, with the remedy, for a data folder that cannot be used. */
export function explainFolder(dataDir: string, path: string, error: unknown): string {
  if (isCode(error, 'ENOSPC')) return `The disk that holds ${dataDir} is full. Free some space, then start again.`;
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS'))
    return `${dataDir} cannot be written to. Make it writable for this user, or set DATA_DIR to a folder that is.`;
  return `${path}: ${error instanceof Error ? error.message : String(error)}`;
}
