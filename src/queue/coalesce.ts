/**
 * Merges single requests into few calls: ids added in one turn share one call, and ids added during a call share the next. An id
 * that is added twice in a turn is sent once. An id that is added while its call is running is sent again, because the running call
 * may already have handled it.
 *
 * @param put never rejects
 */
export function coalesce(put: (ids: readonly string[]) => Promise<void>): { add(id: string): void; settled(): Promise<void> } {
  let gathered = new Set<string>();
  let putting: Promise<void> | null = null;

  async function putAll(): Promise<void> {
    // Lets the rest of this turn add its ids first.
    await Promise.resolve();
    while (gathered.size > 0) {
      const ids = [...gathered];
      gathered = new Set();
      await put(ids);
    }
    putting = null;
  }

  return {
    add(id) {
      gathered.add(id);
      putting ??= putAll();
    },
    settled: () => putting ?? Promise.resolve(),
  };
}
