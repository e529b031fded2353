import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Postmaster = { readonly pid: number; readonly port: number };

/**
 * What postmaster.pid says: lines 1 and 4, https://www.postgresql.org/docs/18/storage-file-layout.html. `unclear` while
 * it is being written, and for ever after a power cut in that moment.
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
 * Whether the living process of this number is the cluster's server. Numbers are used again, in containers at once. Where
 * the system does not tell, the answer is `perhaps`.
 */
export function isServerOf(dir: string, pid: number): 'yes' | 'no' | 'perhaps' {
  let command: readonly string[];
  try {
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return 'perhaps';
  }
  // The server's other processes call themselves `postgres: …` and have no such argument.
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
