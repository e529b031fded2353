import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Postmaster = { readonly pid: number; readonly port: number };

/**
 * Reads lines 1 and 4 of postmaster.pid, https://www.postgresql.org/docs/18/storage-file-layout.html. Returns `unclear` while it is
 * being written; this stays so if the power failed at that moment.
 */
export function readPostmaster(dir: string): Postmaster | 'unclear' | null {
  try {
    const lines = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : 'unclear';
  } catch {
    return null;
  }
}

export function forgetPostmaster(dir: string): void {
  rmSync(join(dir, 'postmaster.pid'), { force: true });
}

/**
 * Whether the running process with this pid is the cluster's server. Pids are reused, in containers at once. Returns `perhaps` if
 * the system does not show the command line.
 */
export function isServerOf(dir: string, pid: number): 'yes' | 'no' | 'perhaps' {
  let command: readonly string[];
  try {
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return 'perhaps';
  }
  // The server's child processes are named `postgres: …` and do not have this argument.
  const [program = '', ...args] = command;
  const dataArgument = args.includes('-D') ? args[args.indexOf('-D') + 1] : undefined;
  if (!program.endsWith('postgres') || dataArgument === undefined) return 'no';
  try {
    const place = dataArgument === '/proc/self/cwd' ? readlinkSync(`/proc/${pid}/cwd`) : realpathSync(dataArgument);
    return place === realpathSync(dir) ? 'yes' : 'no';
  } catch {
    return 'perhaps';
  }
}
