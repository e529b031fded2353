/**
 * Runs `work` until one run takes less than `limitMs` of this process's CPU time, 25 times at most, and returns the least of them. A
 * first run is compiled while it runs, and other processes slow down each of them, so that one run alone says little.
 */
export async function leastCpuMs(limitMs: number, work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < 25 && least >= limitMs; run += 1) least = Math.min(least, await cpuMs(work));
  return least;
}

/** The CPU time of this process during `work`, in milliseconds. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
