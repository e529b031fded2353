import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { Encryption, EncryptionKeys } from '../ports/stores/encryption-store.ts';
import { explainFolder, isCode } from './folder.ts';
import { placePrivateFile, readPrivateFile, replacePrivateFile, settleFolder } from './private-file.ts';

/**
 * The keys for secrets at rest in a data folder: 32 bytes in `encryption.key` (0600), made when there is none, and the one before in
 * `encryption.key.previous` while something may still be encrypted with it. Two starts at once end with the same key.
 *
 * @param onKey is told every key that is read or made
 * @returns the error is for the operator
 */
export function folderEncryption(dataDir: string, onKey: (key: Buffer) => void): Result<Encryption, string> {
  const path = join(dataDir, 'encryption.key');
  const previousPath = `${path}.previous`;
  let keys: EncryptionKeys;

  function read(): Result<EncryptionKeys, string> {
    const current = readKey(path);
    if (!current.ok) return current;
    const previous = readKey(previousPath);
    if (!previous.ok) return previous;
    if (current.value === null) return err(`${path} is gone. Put it back from your backup.`);
    for (const key of [current.value, previous.value]) if (key !== null) onKey(key);
    // A copy that was made before a new key was: nothing is encrypted with another key yet.
    const isOther = previous.value !== null && !previous.value.equals(current.value);
    return ok({ current: current.value, previous: isOther ? previous.value : null });
  }

  function inFolder<T>(work: () => Result<T, string>): Result<T, string> {
    try {
      return work();
    } catch (error) {
      return err(explainFolder(dataDir, path, error));
    }
  }

  const opened = inFolder(() => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    placePrivateFile(path, textOf(randomBytes(32)));
    settleFolder(dataDir);
    return read();
  });
  if (!opened.ok) return opened;
  keys = opened.value;
  return ok({
    from: 'folder',
    keys: () => keys,
    renew: () =>
      inFolder(() => {
        if (keys.previous !== null) return ok('kept');
        // The copy first, on the disk: whenever this ends, each key that encrypts something stands in one of the two files.
        replacePrivateFile(previousPath, textOf(keys.current));
        settleFolder(dataDir);
        replacePrivateFile(path, textOf(randomBytes(32)));
        settleFolder(dataDir);
        const renewed = read();
        if (!renewed.ok) return renewed;
        keys = renewed.value;
        return ok('made');
      }),
    dropPrevious: () =>
      inFolder(() => {
        rmSync(previousPath, { force: true });
        settleFolder(dataDir);
        keys = { ...keys, previous: null };
        return ok(null);
      }),
  });
}

/** The keys that ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS name, which are changed there. */
export function environmentEncryption(keys: EncryptionKeys): Encryption {
  return { from: 'environment', keys: () => keys, renew: () => ok('kept'), dropPrevious: () => ok(null) };
}

/** Null where there is no such file. */
function readKey(path: string): Result<Buffer | null, string> {
  try {
    const key = Buffer.from(readPrivateFile(path).trim(), 'base64');
    return key.length === 32
      ? ok(key)
      : err(`${path} does not hold a key of 32 bytes. Restore it from your backup: what was stored with it cannot be read without it.`);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return ok(null);
    throw error;
  }
}

function textOf(key: Buffer): string {
  return `${key.toString('base64')}\n`;
}

/** What the operator does where a secret was encrypted with another key. `encryptionKey`: that of the environment, if it is set. */
export function putKeyBack({ encryptionKey }: { readonly encryptionKey: Buffer | null }): string {
  return `Put back the ${encryptionKey === null ? 'encryption.key of the data folder' : 'ENCRYPTION_KEY'} that this database was used with.`;
}
