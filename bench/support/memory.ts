import { readFileSync } from 'node:fs';

/** Resident memory of a process as Linux counts it, now or at its most; null elsewhere. */
export function residentMb(pid: number | undefined, when: 'now' | 'most' = 'now'): number | null {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const kb = (when === 'now' ? /VmRSS:\s+(\d+) kB/ : /VmHWM:\s+(\d+) kB/).exec(status)?.[1];
    return kb === undefined ? null : Math.round(Number(kb) / 1024);
  } catch {
    return null;
  }
}
