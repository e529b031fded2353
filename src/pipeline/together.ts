type Waiting<T, R> = { readonly item: T; readonly resolve: (result: R) => void; readonly reject: (error: unknown) => void };

/**
 * Lets what comes while work is under way share the next run: one alone starts at once, and under load many share the cost
 * of one transaction. Each gets its own result after its run has ended. When a shared run fails, each is run again alone, so
 * that one bad item never sinks the others.
 *
 * @param atOnce runs at the same time: while one waits for the database, the next is prepared
 * @param most of sizes in one run; a single larger item still goes
 * @param groupOf items of different groups never share a run
 * @param failsAll tells an error that says nothing of an item, and that all get
 * @param run gives a result for each item, in order
 */
export function together<T, R>({ atOnce, most, sizeOf, groupOf, failsAll, run }: {
  readonly atOnce: number;
  readonly most: number;
  readonly sizeOf: (item: T) => number;
  readonly groupOf: (item: T) => string;
  readonly failsAll: (error: unknown) => boolean;
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
}): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let running = 0;

  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      start();
    });

  function start(): void {
    while (running < atOnce && waiting.length > 0) {
      const batch = take();
      running += 1;
      void settle(batch).then(() => {
        running -= 1;
        start();
      });
    }
  }

  /** The oldest that waits, and those of its group that fit with it. */
  function take(): readonly Waiting<T, R>[] {
    const [batch, left]: [Waiting<T, R>[], Waiting<T, R>[]] = [[], []];
    const group = waiting[0] && groupOf(waiting[0].item);
    let room = most;
    for (const one of waiting) {
      const isOfGroup = groupOf(one.item) === group;
      if (isOfGroup) room -= sizeOf(one.item);
      if (isOfGroup && (batch.length === 0 || room >= 0)) batch.push(one);
      else left.push(one);
    }
    waiting = left;
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
