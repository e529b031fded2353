import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import type { DataFolderFailure } from '../ports/outbound/data-folder.ts';
import { isCode } from './system-errors.ts';

/** The process functions of a system with users. */
type Identity = Required<Pick<NodeJS.Process, 'geteuid' | 'seteuid' | 'setegid' | 'setuid' | 'setgid' | 'setgroups'>>;

/** The folder of our code: a user that cannot read it cannot run it. */
const CODE = import.meta.dirname;

/**
 * Turns root into the owner of the data folder for the rest of the process, if that is another user. That user can put links into
 * the folder at any time, which would make root write elsewhere, and could not read files that root writes.
 *
 * Does nothing for an ordinary user, in a folder of root's, or on a system without users.
 *
 * @param dataDir may not exist yet; then the nearest existing parent folder counts
 * @returns why the folder cannot be used
 */
export function becomeOwner(dataDir: string): Result<null, DataFolderFailure> {
  const identity = identityOf(process);
  if (identity?.geteuid() !== 0) return ok(null);
  try {
    const owner = ownerOnTheWay(resolve(dataDir));
    return owner === null ? ok(null) : become(owner, dataDir, identity);
  } catch (error) {
    return err({ kind: 'failed', path: dataDir, said: error instanceof Error ? error.message : String(error) });
  }
}

/** Finds the first user other than root that owns a folder on the path, or a link on it; null if root owns all of them. */
function ownerOnTheWay(path: string): Stats | null {
  const seen = new Set<string>();
  const look = (one: string): Stats | null => {
    if (seen.has(one)) return null;
    seen.add(one);
    const above = dirname(one) === one ? null : look(dirname(one));
    if (above !== null) return above;
    const found = lstatSync(one, { throwIfNoEntry: false });
    if (found === undefined) return null;
    if (found.uid !== 0) return found;
    return found.isSymbolicLink() ? look(realpathSync(one)) : null;
  };
  return look(path);
}

function become({ uid, gid }: Stats, dataDir: string, identity: Identity): Result<null, DataFolderFailure> {
  try {
    // Tries it first, because a process that gives up root for good cannot get it back.
    identity.setegid(gid);
    identity.seteuid(uid);
    // A user id without a name, as on a volume mounted into a container, belongs to no login. Root creates its own folder there.
    if (!hasName() && lstatSync(dataDir, { throwIfNoEntry: false })?.uid !== uid) return ok(null);
    readdirSync(CODE);
  } catch (error) {
    return err({ kind: 'foreign', dataDir, uid, unreadable: isCode(error, 'EACCES') ? CODE : null });
  } finally {
    identity.seteuid(0);
    identity.setegid(0);
  }
  identity.setgroups([gid]);
  identity.setgid(gid);
  identity.setuid(uid);
  return ok(null);
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function identityOf({ geteuid, seteuid, setegid, setuid, setgid, setgroups }: NodeJS.Process): Identity | null {
  if (!geteuid || !seteuid || !setegid || !setuid || !setgid || !setgroups) return null;
  return { geteuid, seteuid, setegid, setuid, setgid, setgroups };
}
