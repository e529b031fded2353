import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../core/result.ts';
import { isCode } from './folder.ts';

/** The calls of a system that has users. */
type Identity = Required<Pick<NodeJS.Process, 'geteuid' | 'seteuid' | 'setegid' | 'setuid' | 'setgid' | 'setgroups'>>;

/** Our own code: a user that cannot read it cannot run it. */
const CODE = import.meta.dirname;

/**
 * Root in a data folder of another user becomes that user for the rest of the process. Otherwise that user, who may put
 * links into the folder at any moment, could have root write where links lead to, and could not read what root wrote.
 *
 * Nothing happens for an ordinary user, in a folder of root's, or on a system without users.
 *
 * @param dataDir need not exist yet: then the nearest folder above it that does counts
 * @returns why it may not be used, with what to do
 */
export function becomeOwner(dataDir: string): Result<null, string> {
  const identity = identityOf(process);
  if (identity?.geteuid() !== 0) return ok(null);
  try {
    const owner = ownerOnTheWay(resolve(dataDir));
    return owner === null ? ok(null) : become(owner, dataDir, identity);
  } catch (error) {
    return err(`${dataDir}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The first user but root that owns a folder on the way to this one, or the links that make the way; null: all is root's. */
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

function become({ uid, gid }: Stats, dataDir: string, identity: Identity): Result<null, string> {
  const remedy = `Run the command as that user (sudo -u '#${uid}' npx creditwatch …), or set DATA_DIR to a folder of root's`;
  const whose = `${dataDir} is in a folder of another user (id ${uid}), in which root does not write.`;
  try {
    // For a try first: root that is given up for good does not come back.
    identity.setegid(gid);
    identity.seteuid(uid);
    // Nobody logs in as an id without a name, as a mount from outside a container has. Root makes its own folder there.
    if (!hasName() && lstatSync(dataDir, { throwIfNoEntry: false })?.uid !== uid) return ok(null);
    readdirSync(CODE);
  } catch (error) {
    if (isCode(error, 'EACCES')) return err(`${whose} That user cannot read the program in ${CODE}. ${remedy}.`);
    return err(`${whose} ${remedy}.`);
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
