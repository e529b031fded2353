import { randomBytes } from 'node:crypto';
import { closeSync, lchownSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import { isAlive, isCode } from '../../datadir/system-errors.ts';
import { createPrivateFile, openPrivateFile, readPrivateFile } from '../../datadir/private-file.ts';
import type { Binaries } from './binaries.ts';
import { explainError, explainFailure, type EmbeddedFailure } from './failure.ts';
import type { RunOptions, User } from './run.ts';

export const USER = 'creditwatch';

/** Settings for a small server that starts fast. Durability settings keep their defaults, because this is the only copy of the data. */
const SETTINGS = [
  'max_connections=60',
  'shared_buffers=32MB',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=256MB',
  'autovacuum_naptime=60s',
  'logging_collector=off',
  'log_checkpoints=off',
  'lc_messages=C',
  // More iterations protect passwords that can be guessed. This one is 24 random bytes, and each of them would cost both sides of every connection.
  'scram_iterations=1',
];

export type Cluster = { readonly dir: string; readonly password: string; readonly logFile: string };

/** Reads the cluster of a data folder; null if it was not created yet. */
export function readCluster(dataDir: string): Result<Cluster | null, EmbeddedFailure> {
  const dir = join(dataDir, 'postgres');
  try {
    statSync(join(dir, 'PG_VERSION'));
  } catch (error) {
    return isCode(error, 'ENOENT') ? ok(null) : err(explainError(dataDir, error));
  }
  try {
    return ok({ dir, password: readPrivateFile(passwordFile(dir)).trim(), logFile: join(dataDir, 'postgres.log') });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) return err(explainError(dataDir, error));
    return err({ kind: 'password-missing', dir, file: passwordFile(dir) });
  }
}

/** Returns the owner of the cluster; null if there is none. */
export function clusterOwner(dataDir: string): User | null {
  try {
    const { uid, gid } = statSync(join(dataDir, 'postgres'));
    return { uid, gid };
  } catch {
    return null;
  }
}

/**
 * Returns how PostgreSQL's programs find the cluster. Another user may be unable to walk the path to it (such as root's home
 * folder), but can start in the folder. So the working folder is entered before the user changes. The same is done if the path has
 * characters that a shell would interpret.
 */
export function inCluster(dir: string, { owner }: Pick<Binaries, 'owner'>): { readonly pgdata: string } & Pick<RunOptions, 'cwd'> {
  if (owner !== null && process.platform === 'linux') return { pgdata: '/proc/self/cwd', cwd: dir };
  return FOR_A_SHELL.test(dir) && process.platform !== 'win32'
    ? { pgdata: process.platform === 'linux' ? '/proc/self/cwd' : '.', cwd: dir }
    : { pgdata: dir };
}

/** pg_ctl starts the server with a shell, which interprets these characters in double quotes. */
const FOR_A_SHELL = /[$`"\\]/;

/**
 * Creates the cluster in a temporary folder and renames it, so that a half-created one is never used. If two processes do this at
 * once, one succeeds and the other removes its own.
 */
export async function makeCluster(dataDir: string, binaries: Binaries): Promise<Result<null, EmbeddedFailure>> {
  const side = join(dataDir, `postgres.new-${MAKER}-${randomBytes(12).toString('hex')}`);
  const draft = `${side}.password`;
  try {
    await removeAbandoned(dataDir);
    mkdirSync(side, { mode: 0o700 });
    const password = `${randomBytes(24).toString('base64url')}\n`;
    createPrivateFile(draft, password, binaries.owner);
    if (binaries.owner !== null) giveTo(binaries.owner, [side]);
    const made = await initialise(side, draft, binaries);
    if (made.code !== 0) return err(explainFailure(dataDir, made.output));
    createPrivateFile(passwordFile(side), password);
    try {
      renameSync(side, join(dataDir, 'postgres'));
    } catch (error) {
      const other = readCluster(dataDir);
      if (!other.ok || other.value === null) throw error;
    }
    return ok(null);
  } catch (error) {
    return err(explainError(dataDir, error));
  } finally {
    for (const path of [side, draft]) rmSync(path, { recursive: true, force: true });
  }
}

async function initialise(dir: string, passwordDraft: string, binaries: Binaries) {
  const { pgdata, ...place } = inCluster(dir, binaries);
  // Passed as an open file, because the other user may be unable to walk the path.
  const stdin = place.cwd === undefined ? null : openPrivateFile(passwordDraft);
  try {
    return await binaries.run(
      binaries.initdb,
      [
        `--pgdata=${pgdata}`,
        `--username=${USER}`,
        `--pwfile=${stdin === null ? passwordDraft : '/dev/stdin'}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...SETTINGS.flatMap((setting) => ['--set', setting]),
      ],
      { ...place, ...(stdin !== null && { stdin }) },
    );
  } finally {
    if (stdin !== null) closeSync(stdin);
  }
}

/** Gives root's cluster to the user that has to run it. */
export function handOver({ dir }: Cluster, { owner }: Pick<Binaries, 'owner'>): void {
  if (owner === null || statSync(dir).uid === owner.uid) return;
  giveTo(owner, [...readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name)), dir]);
}

function giveTo({ uid, gid }: User, paths: readonly string[]): void {
  // Never changes the target of a link.
  for (const path of paths) lchownSync(path, uid, gid);
}

/** Identifies this process. The pid alone is not enough: in a container it may be the same after a restart. */
const MAKER = `${process.pid}-${Math.round(performance.timeOrigin)}`;

/** Removes the temporary folders of starts that were killed. */
async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    const [, maker, pid] = /^postgres\.new-((\d+)-\d+)-/.exec(name) ?? [];
    if (maker === undefined || maker === MAKER) continue;
    if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
    // An initdb that outlived its start may still be writing. A later start removes what is left.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }).catch(() => {});
  }
}

export function passwordFile(dir: string): string {
  return join(dir, 'creditwatch.password');
}
