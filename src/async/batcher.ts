type Waiting<T, R> = {
  readonly item: T;
  readonly size: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Lets what comes while work is under way share the next run: one alone starts as soon as what has arrived is read, and
 * under load many share the cost of one transaction. Each gets its own result after its run has ended. When a shared run
 * fails, each is run again alone, so that one bad item never sinks the others.
 *
 * @param atOnce runs at the same time: while one waits for the database, the next is prepared. Beside another of its group
 * one starts when it is as large, since the few that come first after a run would else pay for one of their own.
 * @param most of sizes in one run; a single larger item still goes
 * @param groupOf items of different groups never share a run
 * @param failsAll tells an error that says nothing of an item, and that all get
 * @param run gives a result for each item, in order
 */
export function createBatcher<T, R>({
  atOnce,
  most,
  sizeOf,
  groupOf,
  failsAll,
  run,
}: {
  readonly atOnce: number;
  readonly most: number;
  readonly sizeOf: (item: T) => number;
  readonly groupOf: (item: T) => string;
  readonly failsAll: (error: unknown) => boolean;
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
}): (item: T) => Promise<R> {
  /** In the order in which they had their last turn. */
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

  /** After what else has arrived by now: of a hundred requests that can be read the first does not go alone. */
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

  /** The oldest of a group, and those behind it that fit with it. What is left waits behind the other groups. */
  function take(key: string): readonly Waiting<T, R>[] {
    const waiting = groups.get(key)?.waiting ?? [];
    let room = most;
    const end = waiting.findIndex(({ size }, index) => (room -= size) < 0 && index > 0);
    const batch = end === -1 ? waiting : waiting.slice(0, end);
    const left = waiting.slice(batch.length);
    groups.delete(key);
    if (left.length > 0) groups.set(key, { waiting: left, size: sizeOfAll(left) });
    return batch;
  }

  async function settle(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a run gave fewer results than it had items'));
        else resolve(result);
      });
    } catch (error) {
      if (batch.length === 1 || failsAll(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await settle([one]);
    }
  }
}

function sizeOfAll(items: readonly { readonly size: number }[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}
