import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainFolder } from './folder.ts';
import { err, ok, type Result } from '../core/result.ts';
import { replacePrivateFile } from './private-file.ts';

/** Where an account's ingest key is written for whoever does not read a terminal. `isOnly`: there is no other account. */
export type KeyFile = { readonly dataDir: string; readonly account: string; readonly isOnly: boolean };

function pathOf({ dataDir, account, isOnly }: KeyFile): string {
  return join(dataDir, isOnly ? 'ingest-key' : `ingest-key.${encodeURIComponent(account)}`);
}

/**
 * Writes the key, alone on its line, into a file (0600) of the data folder.
 *
 * @returns the path; the error says why it could not be written
 */
export function writeKeyFile(file: KeyFile, key: string): Result<string, string> {
  const path = pathOf(file);
  try {
    replacePrivateFile(path, `${key}\n`);
    return ok(path);
  } catch (error) {
    return err(explainFolder(file.dataDir, path, error));
  }
}

/** Deletes it, where there is one. */
export function removeKeyFile(file: KeyFile): void {
  rmSync(pathOf(file), { force: true });
}

/** Puts a new key into the file of an earlier one, so that whoever reads the key there goes on; where there is no file, none is made. */
export function renewKeyFile(file: KeyFile, key: string): Result<string | null, string> {
  return existsSync(pathOf(file)) ? writeKeyFile(file, key) : ok(null);
}
