import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';

/**
 * The key for secrets at rest: 32 bytes in `DATA_DIR/encryption.key` (0600), made when there is none. Two starts at once
 * end with the same key.
 */
export function ensureEncryptionKey(dataDir: string): Result<Buffer, string> {
  const path = join(dataDir, 'encryption.key');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Written whole beside it, then linked: a reader never sees half a key, and the second of two writers loses.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    return key.length === 32 ? ok(key) : err(`${path} does not hold a key of 32 bytes. Restore it from your backup: what was stored with it cannot be read without it.`);
  } catch (error) {
    if (isCode(error, 'ENOSPC')) return err(`The disk that holds ${dataDir} is full. Free some space, then start again.`);
    if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS')) return err(`${dataDir} cannot be written to. Make it writable for this user, or set DATA_DIR to a folder that is.`);
    return err(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
