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
import { isCode } from './folder.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;
const ofThisSystem: Readonly<Record<string, number | undefined>> = constants;
/** Windows has neither flag; there, links are made by administrators alone. */
const [O_NOFOLLOW, O_NONBLOCK] = [ofThisSystem['O_NOFOLLOW'] ?? 0, ofThisSystem['O_NONBLOCK'] ?? 0];
const OWNER_ONLY = 0o600;
const NOT_PLAIN = 'a link, or else no plain file of its own';

export type FileOwner = { readonly uid: number; readonly gid: number };

/** What stands where a file of ours belongs is a link, a folder, a pipe, a second name of some other file, or a file of somebody else. */
class UnsafeFile extends Error {
  constructor(path: string, what: string) {
    super(`${path} is ${what}, so it is not used. Remove it, and find out who put it there`);
    this.name = 'UnsafeFile';
  }
}

/**
 * Opens a file of the data folder for reading; it is closed by the caller.
 *
 * @throws UnsafeFile, or what the system says
 */
export function openPrivateFile(path: string): number {
  // Not blocking: a pipe that nobody writes to would hold the process.
  return openPlain(path, O_RDONLY | O_NONBLOCK);
}

/**
 * Reads a file of the data folder. Links are not followed, in a folder that others may write into they lead anywhere.
 *
 * @throws UnsafeFile, or what the system says
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
 * Opens a file of the data folder for appending, and makes it (0600) where there is none.
 *
 * @param owner who gets a file that belongs to us; null keeps it ours
 * @returns the open file, to be closed by the caller
 * @throws UnsafeFile, or what the system says
 */
export function openPrivateLog(path: string, owner: FileOwner | null): number {
  const file = openPlain(path, O_WRONLY | O_APPEND | O_CREAT);
  try {
    const { uid } = fstatSync(file);
    const us = process.geteuid?.();
    if (us !== undefined && uid !== us && uid !== owner?.uid) throw new UnsafeFile(path, 'a file of another user');
    if (owner !== null) fchownSync(file, owner.uid, owner.gid);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/**
 * Makes a file (0600) that was not there before; fails with `EEXIST` where anything stands, a link among it.
 *
 * @param owner who gets it, before anything is in it; null keeps it ours
 */
export function createPrivateFile(path: string, text: string, owner: FileOwner | null = null): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
  try {
    if (owner !== null) fchownSync(file, owner.uid, owner.gid);
    writeFileSync(file, text);
    // On the disk before it gets its name: after a power cut it is whole or not there.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts a file (0600) in place whole: a reader sees the one before or this one. What stood there, a link among it, is replaced. */
export function replacePrivateFile(path: string, text: string): void {
  const draft = draftOf(path);
  try {
    createPrivateFile(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Puts a file (0600) in place whole unless one is there already, which then stays: of two writers the second loses. */
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

/** Waits until the names in a folder are on the disk as well. A system that cannot open folders does that by itself. */
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

/** A name that nobody can foresee. */
export function draftOf(path: string): string {
  return `${path}.${randomBytes(12).toString('hex')}`;
}

function openPlain(path: string, flags: number): number {
  let file: number;
  try {
    file = openSync(path, flags | O_NOFOLLOW, OWNER_ONLY);
  } catch (error) {
    // A link, a folder that is to be written, a pipe without a reader.
    throw isCode(error, 'ELOOP') || isCode(error, 'EISDIR') || isCode(error, 'ENXIO') ? new UnsafeFile(path, NOT_PLAIN) : error;
  }
  const found = fstatSync(file);
  if (found.isFile() && found.nlink <= 1) return file;
  closeSync(file);
  throw new UnsafeFile(path, NOT_PLAIN);
}
