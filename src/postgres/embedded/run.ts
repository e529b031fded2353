import { spawn } from 'node:child_process';

export type User = { readonly uid: number; readonly gid: number };

export type RunOptions = {
  /** Entered with our own rights, before the user changes. */
  readonly cwd?: string;
  /** A file to read from. */
  readonly stdin?: number;
  /** A file for what it says, which a server that it leaves behind goes on writing to. Without it, output is returned. */
  readonly output?: number;
};

export type Ended = { readonly code: number; readonly output: string };

/**
 * All that PostgreSQL's programs need of our environment. PGDATA, PGPORT and the like would lead them elsewhere, and our
 * secrets have no place in a server that outlives us.
 */
const PASSED_ON = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
]);

/** Runs a program to its end, as another user if one is given. Never throws; a program that cannot be run ends with 127. */
export function runToEnd(
  program: string,
  args: readonly string[],
  { cwd, stdin, output: file }: RunOptions,
  user: User | null,
): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.has(name.toUpperCase())));
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      // Its own process group: a Ctrl-C in our terminal is for us, and the server is stopped by us, in order.
      detached: true,
      stdio: [stdin ?? 'ignore', file ?? 'pipe', file ?? 'pipe'],
      // In English, for failure.ts reads it.
      env: { ...env, LC_ALL: 'C' },
      // Our own working folder may be one that the other user cannot enter.
      cwd: cwd ?? (user === null ? undefined : '/'),
      ...user,
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    // All of its output has come with 'close'.
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
