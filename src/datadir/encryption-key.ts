import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { explainFolder } from './folder.ts';
import { placePrivateFile, readPrivateFile } from './private-file.ts';

/**
 * The key for secrets at rest: 32 bytes in `DATA_DIR/encryption.key` (0600), made when there is none. Two starts at once
 * end with the same key.
 */
export function ensureEncryptionKey(dataDir: string): Result<Buffer, string> {
  const path = join(dataDir, 'encryption.key');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    placePrivateFile(path, `${randomBytes(32).toString('base64')}\n`);
    const key = Buffer.from(readPrivateFile(path).trim(), 'base64');
    return key.length === 32
      ? ok(key)
      : err(`${path} does not hold a key of 32 bytes. Restore it from your backup: what was stored with it cannot be read without it.`);
  } catch (error) {
    return err(explainFolder(dataDir, path, error));
  }
}

/** What the operator does where a secret was encrypted with another key. `encryptionKey`: that of the environment, if it is set. */
export function putKeyBack({ encryptionKey }: { readonly encryptionKey: Buffer | null }): string {
  return `Put back the ${encryptionKey === null ? 'encryption.key of the data folder' : 'ENCRYPTION_KEY'} that this database was used with.`;
}
