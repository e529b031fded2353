/**
 * Puts what is asked for one by one into few calls: all of one turn share one, and what comes while a call is under way shares
 * the next. Asked for twice in a turn it is put once; asked for again while its call is under way it is put again, because the
 * first may have been answered already.
 *
 * @param put never rejects
 */
export function coalesce(put: (ids: readonly string[]) => Promise<void>): { add(id: string): void; settled(): Promise<void> } {
  let gathered = new Set<string>();
  let putting: Promise<void> | null = null;

  async function putAll(): Promise<void> {
    // The rest of this turn comes first.
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
