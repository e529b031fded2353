import { spawn } from 'node:child_process';

export type User = { readonly uid: number; readonly gid: number };

export type RunOptions = {
  /** Entered with our own rights, before the user changes. */
  readonly cwd?: string;
  /** A file for standard input. */
  readonly stdin?: number;
  /** A file for the output. A server that the program starts goes on writing to it. Without a file, the output is returned. */
  readonly output?: number;
};

export type Ended = { readonly code: number; readonly output: string };

/**
 * The environment variables that PostgreSQL's programs get. PGDATA, PGPORT and the like would mislead them, and a server that
 * outlives us must not hold our secrets.
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

/** Runs a program to its end, as another user if one is given. Never throws: a program that cannot be run has exit code 127. */
export function runToEnd(
  program: string,
  args: readonly string[],
  { cwd, stdin, output: file }: RunOptions,
  user: User | null,
): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.has(name.toUpperCase())));
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      // A process group of its own, so that Ctrl-C in the terminal does not reach the server. Creditwatch stops it in order.
      detached: true,
      stdio: [stdin ?? 'ignore', file ?? 'pipe', file ?? 'pipe'],
      // failure.ts matches English messages.
      env: { ...env, LC_ALL: 'C' },
      // The other user may be unable to enter our working folder.
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
    // 'close' comes after all output.
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
