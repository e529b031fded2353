import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { UnsafeFileKind } from '../ports/outbound/data-folder.ts';
import { isCode } from './system-errors.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;
const ofThisSystem: Readonly<Record<string, number | undefined>> = constants;
/** Windows has neither flag. There, only administrators can create links. */
const [O_NOFOLLOW, O_NONBLOCK] = [ofThisSystem['O_NOFOLLOW'] ?? 0, ofThisSystem['O_NONBLOCK'] ?? 0];
const OWNER_ONLY = 0o600;

export type FileOwner = { readonly uid: number; readonly gid: number };

/** The path of one of our files is a link, a folder, a pipe, a hard link to another file, or a file of another user. */
export class UnsafeFile extends Error {
  override readonly name = 'UnsafeFile';
  readonly path: string;
  readonly is: UnsafeFileKind;

  constructor(path: string, is: UnsafeFileKind) {
    super(`unsafe file: ${path}, ${is}`);
    this.path = path;
    this.is = is;
  }
}

/**
 * Opens a file of the data folder for reading. The caller closes it.
 *
 * @throws UnsafeFile, or the system's error
 */
export function openPrivateFile(path: string): number {
  // Non-blocking, because a pipe without a writer would block the process.
  return openPlain(path, O_RDONLY | O_NONBLOCK);
}

/**
 * Reads a file of the data folder. Does not follow links: other users may create them if they can write to the folder.
 *
 * @throws UnsafeFile, or the system's error
 */
export function readPrivateFile(path: string): string {
  const file = openPrivateFile(path);
  try {
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a file of the data folder for appending, and creates it (0600) if missing.
 *
 * @param owner the new owner of a file that belongs to us; null keeps us as the owner
 * @returns the open file, to be closed by the caller
 * @throws UnsafeFile, or the system's error
 */
export function openPrivateLog(path: string, owner: FileOwner | null): number {
  const file = openPlain(path, O_WRONLY | O_APPEND | O_CREAT);
  try {
    const { uid } = fstatSync(file);
    const us = process.geteuid?.();
    if (us !== undefined && uid !== us && uid !== owner?.uid) throw new UnsafeFile(path, 'of-other-user');
    if (owner !== null) fchownSync(file, owner.uid, owner.gid);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * Creates a new file (0600). Fails with `EEXIST` if the path exists, also as a link.
 *
 * @param owner the owner, set before the content is written; null keeps us as the owner
 */
export function createPrivateFile(path: string, text: string, owner: FileOwner | null = null): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
  try {
    if (owner !== null) fchownSync(file, owner.uid, owner.gid);
    writeFileSync(file, text);
    // Flushed before it gets its name, so that after a power cut it is complete or missing.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Replaces a file (0600) atomically: readers see the old content or the new. An existing link is replaced, not followed. */
export function replacePrivateFile(path: string, text: string): void {
  const draft = draftOf(path);
  try {
    createPrivateFile(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Creates a complete file (0600) unless one exists: of two writers the second loses. */
export function placePrivateFile(path: string, text: string): void {
  const draft = draftOf(path);
  try {
    createPrivateFile(draft, text);
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Flushes the names in a folder to disk. Systems that cannot open folders do this themselves. */
export function settleFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, O_RDONLY);
  } catch (error) {
    if (isCode(error, 'EISDIR') || isCode(error, 'EPERM') || isCode(error, 'EACCES')) return;
    throw error;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!isCode(error, 'EINVAL') && !isCode(error, 'EPERM')) throw error;
  } finally {
    closeSync(folder);
  }
}

/** Returns a temporary name that cannot be guessed. */
export function draftOf(path: string): string {
  return `${path}.${randomBytes(12).toString('hex')}`;
}

function openPlain(path: string, flags: number): number {
  let file: number;
  try {
    file = openSync(path, flags | O_NOFOLLOW, OWNER_ONLY);
  } catch (error) {
    // A link, a folder opened for writing, or a pipe without a reader.
    throw isCode(error, 'ELOOP') || isCode(error, 'EISDIR') || isCode(error, 'ENXIO') ? new UnsafeFile(path, 'not-plain') : error;
  }
  const found = fstatSync(file);
  if (found.isFile() && found.nlink <= 1) return file;
  closeSync(file);
  throw new UnsafeFile(path, 'not-plain');
}
