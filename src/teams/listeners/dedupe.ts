/** About 5 MB. Teams repeats an activity within a minute if it was not answered in time. */
const MOST_KEPT = 20_000;

/**
 * Remembers recent activities, so that a repeated one has no second effect. In memory, because the answer to Teams cannot wait for the
 * database. A repeat that reaches another process is handled twice. Clicks are not looked up here, because each needs its answer. This does
 * no harm: each change is decided in one transaction on the stored state, so the second one finds it done.
 */
export class Deduplicator {
  readonly #ids = new Set<string>();

  /** Returns true for a new ID, and false from then on. */
  admit(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > MOST_KEPT) for (const oldest of this.#ids) return this.#ids.delete(oldest);
    return true;
  }
}
