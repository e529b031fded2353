import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { DataFolderFailure } from '../ports/outbound/data-folder.ts';
import type { Encryption, EncryptionKeys } from '../ports/stores/encryption-store.ts';
import { explainFolder } from './folder.ts';
import { isCode } from './system-errors.ts';
import { placePrivateFile, readPrivateFile, replacePrivateFile, settleFolder } from './private-file.ts';

/**
 * Reads the keys for stored secrets from a data folder. `encryption.key` (0600) holds 32 bytes and is created if missing;
 * `encryption.key.previous` holds the previous key while stored secrets may still need it. Two starts at once end with the same
 * key.
 *
 * @param onKey called with each key that is read or created
 * @returns the keys, or why they cannot be read
 */
export function folderEncryption(dataDir: string, onKey: (key: Buffer) => void): Result<Encryption, DataFolderFailure> {
  const path = join(dataDir, 'encryption.key');
  const previousPath = `${path}.previous`;
  let keys: EncryptionKeys;

  function read(): Result<EncryptionKeys, DataFolderFailure> {
    const current = readKey(path);
    if (!current.ok) return current;
    const previous = readKey(previousPath);
    if (!previous.ok) return previous;
    if (current.value === null) return err({ kind: 'key-missing', path });
    for (const key of [current.value, previous.value]) if (key !== null) onKey(key);
    // The copy was made before the new key, so no secret is encrypted with another key yet.
    const isOther = previous.value !== null && !previous.value.equals(current.value);
    return ok({ current: current.value, previous: isOther ? previous.value : null });
  }

  function inFolder<T>(work: () => Result<T, DataFolderFailure>): Result<T, DataFolderFailure> {
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
        // The copy is written to disk first, so that a crash at any point leaves each key in one of the files.
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

/** Returns the keys in ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS. They are changed in the environment. */
export function environmentEncryption(keys: EncryptionKeys): Encryption {
  return { from: 'environment', keys: () => keys, renew: () => ok('kept'), dropPrevious: () => ok(null) };
}

/** Returns null if the file does not exist. */
function readKey(path: string): Result<Buffer | null, DataFolderFailure> {
  try {
    const key = Buffer.from(readPrivateFile(path).trim(), 'base64');
    return key.length === 32 ? ok(key) : err({ kind: 'key-damaged', path });
  } catch (error) {
    if (isCode(error, 'ENOENT')) return ok(null);
    throw error;
  }
}

function textOf(key: Buffer): string {
  return `${key.toString('base64')}\n`;
}
