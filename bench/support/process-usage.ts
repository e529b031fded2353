import { readdirSync, readFileSync } from 'node:fs';

/** The kernel reports CPU time in ticks; on Linux there are 100 per second on all platforms that Node runs on. */
const MS_PER_TICK = 10;

/**
 * Returns the CPU time of a process and all its children in milliseconds, ended children among them. From Linux's /proc.
 *
 * @throws where there is no /proc
 */
export function cpuMs(pid: number): number {
  return treeOf(pid)
    .flatMap(({ ownTicks, reapedTicks }) => [ownTicks, reapedTicks])
    .reduce((sum, ticks) => sum + ticks * MS_PER_TICK, 0);
}

/** Returns the memory of a process and all its children in MB. A page that several processes share counts once. From Linux's /proc. */
export function sharedOnceMb(pid: number): number {
  const kb = treeOf(pid).map((one) => Number(/^Pss:\s+(\d+) kB/m.exec(read(one.pid, 'smaps_rollup') ?? '')?.[1] ?? 0));
  return kb.reduce((sum, each) => sum + each, 0) / 1024;
}

type Process = { readonly pid: number; readonly parent: number; readonly ownTicks: number; readonly reapedTicks: number };

function treeOf(root: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
  const below = (pid: number): readonly Process[] => all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** Reads /proc/<pid>/stat, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. The name of the program may contain spaces. */
function processOf(pid: number): Process | null {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const number = (position: number) => Number(fields[position - 3]);
  return { pid, parent: number(4), ownTicks: number(14) + number(15), reapedTicks: number(16) + number(17) };
}

/** Returns null if the process has ended meanwhile. */
function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
  } catch {
    return null;
  }
}
