import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainFolder } from './folder.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { DataFolderFailure } from '../ports/outbound/data-folder.ts';
import { replacePrivateFile } from './private-file.ts';

/** The file with an account's ingest key, for operators who do not see the terminal. `isOnly`: there is no other account. */
export type KeyFile = { readonly dataDir: string; readonly account: string; readonly isOnly: boolean };

function pathOf({ dataDir, account, isOnly }: KeyFile): string {
  return join(dataDir, isOnly ? 'ingest-key' : `ingest-key.${encodeURIComponent(account)}`);
}

/**
 * Writes the key, alone on its line, to a file (0600) in the data folder.
 *
 * @returns the path, or why it could not be written
 */
export function writeKeyFile(file: KeyFile, key: string): Result<string, DataFolderFailure> {
  const path = pathOf(file);
  try {
    replacePrivateFile(path, `${key}\n`);
    return ok(path);
  } catch (error) {
    return err(explainFolder(file.dataDir, path, error));
  }
}

/** Deletes the file if it exists. */
export function removeKeyFile(file: KeyFile): void {
  rmSync(pathOf(file), { force: true });
}

/** Writes a new key to the file of a previous one. Creates no file if there is none. */
export function renewKeyFile(file: KeyFile, key: string): Result<string | null, DataFolderFailure> {
  return existsSync(pathOf(file)) ? writeKeyFile(file, key) : ok(null);
}
