type Waiting<T, R> = {
  readonly item: T;
  readonly size: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Merges items that arrive while a run is in progress into the next run, so that under load many share the cost of one transaction. A
 * single item starts after the event loop has read what has arrived. Each item gets its own result after its run has ended. If a shared
 * run fails, each item runs again alone, so that one bad item does not affect the others.
 *
 * @param atOnce the most concurrent runs: while one waits for the database, the next is prepared. A second run of the same group starts
 * only when it is at least as large, so that the first few items after a run do not pay for a run of their own.
 * @param most the most total size of one run; a single larger item still runs, alone
 * @param groupOf items of different groups never share a run
 * @param failsAll recognises an error that is not about an item; all items of the run get it
 * @param failsRest recognises an error of an item that runs alone; the items of its run that have not run alone yet get it too, because
 * each of them would take as long
 * @param run returns a result for each item, in order
 */
export function createBatcher<T, R>({
  atOnce,
  most,
  sizeOf,
  groupOf,
  failsAll,
  failsRest = () => false,
  run,
}: {
  readonly atOnce: number;
  readonly most: number;
  readonly sizeOf: (item: T) => number;
  readonly groupOf: (item: T) => string;
  readonly failsAll: (error: unknown) => boolean;
  readonly failsRest?: (error: unknown) => boolean;
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
}): (item: T) => Promise<R> {
  /** Ordered by their last turn, the longest ago first. */
  const groups = new Map<string, { waiting: Waiting<T, R>[]; size: number }>();
  const running = new Set<{ readonly group: string; readonly size: number }>();
  let isToStart = false;

  return (item) =>
    new Promise<R>((resolve, reject) => {
      const key = groupOf(item);
      const size = sizeOf(item);
      const group = groups.get(key) ?? { waiting: [], size: 0 };
      groups.set(key, group);
      group.waiting.push({ item, size, resolve, reject });
      group.size += size;
      startSoon();
    });

  /** Starts after the event loop has read all requests that have arrived, so that the first of a hundred does not run alone. */
  function startSoon(): void {
    if (isToStart) return;
    isToStart = true;
    setImmediate(() => {
      isToStart = false;
      start();
    });
  }

  function start(): void {
    for (const [group, { size }] of groups) {
      if (running.size >= atOnce) return;
      if ([...running].some((one) => one.group === group && one.size > size)) continue;
      const batch = take(group);
      const under = { group, size: sizeOfAll(batch) };
      running.add(under);
      void settle(batch).then(() => {
        running.delete(under);
        startSoon();
      });
    }
  }

  /** Takes the oldest item of a group and those behind it that fit into one run. The rest moves behind the other groups. */
  function take(key: string): readonly Waiting<T, R>[] {
    const waiting = groups.get(key)?.waiting ?? [];
    let free = most;
    const end = waiting.findIndex(({ size }, index) => (free -= size) < 0 && index > 0);
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    const left = waiting.slice(batch.length);
    groups.delete(key);
    if (left.length > 0) groups.set(key, { waiting: left, size: sizeOfAll(left) });
    return batch;
  }

  /** Returns the error that the whole run failed with; null if it succeeded, or its items failed one by one. */
  async function settle(batch: readonly Waiting<T, R>[]): Promise<{ readonly error: unknown } | null> {
    try {
      const results = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a run gave fewer results than it had items'));
        else resolve(result);
      });
      return null;
    } catch (error) {
      if (batch.length === 1 || failsAll(error)) {
        for (const { reject } of batch) reject(error);
        return { error };
      }
      let rest: { readonly error: unknown } | null = null;
      for (const one of batch) {
        if (rest !== null) one.reject(rest.error);
        else {
          const failed = await settle([one]);
          if (failed !== null && failsRest(failed.error)) rest = failed;
        }
      }
      return null;
    }
  }
}

function sizeOfAll(items: readonly { readonly size: number }[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}
