import { readFileSync } from 'node:fs';

/** Returns the resident memory of a process in MB from Linux, now or at its peak; null on other systems. */
export function residentMb(pid: number | undefined, when: 'now' | 'most' = 'now'): number | null {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const kb = (when === 'now' ? /VmRSS:\s+(\d+) kB/ : /VmHWM:\s+(\d+) kB/).exec(status)?.[1];
    return kb === undefined ? null : Math.round(Number(kb) / 1024);
  } catch {
    return null;
  }
}
