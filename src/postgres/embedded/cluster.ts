import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';
import type { Binaries } from './binaries.ts';
import { explainFailure, type EmbeddedFailure } from './failure.ts';

export const USER = 'creditwatch';
export const DATABASE = 'creditwatch';

/** Small and quick to start; safe against power loss, for it holds the truth. */
const SETTINGS = [
  'max_connections=60', 'shared_buffers=32MB', 'jit=off', 'timezone=UTC', 'log_timezone=UTC', 'listen_addresses=127.0.0.1', 'unix_socket_directories=',
  'wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=256MB', 'autovacuum_naptime=60s', 'logging_collector=off', 'lc_messages=C',
];

export type Cluster = { readonly dir: string; readonly password: string; readonly logFile: string };

/** The cluster of a data folder; null when it was not made yet. */
export function readCluster(dataDir: string): Cluster | null {
  const dir = join(dataDir, 'postgres');
  if (!existsSync(join(dir, 'PG_VERSION'))) return null;
  return { dir, password: readFileSync(passwordFile(dir), 'utf8').trim(), logFile: join(dataDir, 'postgres.log') };
}

/**
 * Makes the cluster in a side folder and then renames it, so that a half-made one is never used. Of two that make it at
 * once, one wins and the other removes its own.
 */
export async function makeCluster(dataDir: string, binaries: Binaries): Promise<Result<null, EmbeddedFailure>> {
  const side = join(dataDir, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    removeAbandoned(dataDir);
    mkdirSync(side, { mode: 0o700 });
    const password = randomBytes(24).toString('base64url');
    const draft = `${side}.password`;
    writeFileSync(draft, `${password}\n`, { mode: 0o600 });
    if (binaries.owner !== null) for (const path of [side, draft]) chownSync(path, binaries.owner, binaries.owner);
    const made = await binaries.run(binaries.initdb, [
      `--pgdata=${side}`, `--username=${USER}`, `--pwfile=${draft}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8', '--no-instructions', ...SETTINGS.flatMap((setting) => ['--set', setting]),
    ]);
    rmSync(draft, { force: true });
    if (made.code !== 0) return err(explainFailure(dataDir, made.output));
    writeFileSync(passwordFile(side), `${password}\n`, { mode: 0o600 });
    try {
      renameSync(side, join(dataDir, 'postgres'));
    } catch (error) {
      if (readCluster(dataDir) === null) throw error;
    }
    return ok(null);
  } catch (error) {
    return err(explainFailure(dataDir, error instanceof Error ? error.message : String(error)));
  } finally {
    rmSync(side, { recursive: true, force: true });
  }
}

/** Side folders of starts that were killed. The pid in the name tells whether its maker still lives. */
function removeAbandoned(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && Number(maker) !== process.pid && !isAlive(Number(maker))) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function passwordFile(dir: string): string {
  return join(dir, 'creditwatch.password');
}
