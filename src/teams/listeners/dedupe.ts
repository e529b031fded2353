/** About 5 MB. Teams repeats an activity within a minute when it was not answered in time. */
const MOST_KEPT = 20_000;

/**
 * Remembers what came lately, so that a repeat has no second effect. In memory, because the answer to Teams waits for no
 * database. A repeat that reaches another process is handled twice, and a press is never looked up here, because it wants its
 * answer again: everything that changes something is decided in one transaction on what stands in the database, so that the
 * second finds it done.
 */
export class Deduplicator {
  readonly #ids = new Set<string>();

  /** True for an id that is new; from then on it is not. */
  admit(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > MOST_KEPT) for (const oldest of this.#ids) return this.#ids.delete(oldest);
    return true;
  }
}
