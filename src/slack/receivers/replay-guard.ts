/** About 10 MB. Slack sends at most 30,000 events an hour and workspace, and a signature is kept ten minutes at most. */
const MAX_KEPT = 50_000;

/**
 * Remembers the signatures that were accepted until they expire. In memory only, because the answer to Slack may not wait for
 * a database: a replay that reaches another process, or this one after a restart, is acknowledged, and found in the database
 * before anything is done (`claim` of the room). Only signatures that were verified may be given to it: then nobody else can fill it.
 */
export class ReplayGuard {
  /** In the order in which they came, which is nearly the order in which they expire. */
  readonly #expiresAt = new Map<string, number>();

  /** True for a signature that is new; from then on it is not. */
  admit(signature: string, expiresAt: Date, now: Date): boolean {
    this.#forget(now.getTime());
    const known = this.#expiresAt.get(signature);
    if (known !== undefined && known > now.getTime()) return false;
    this.#expiresAt.set(signature, expiresAt.getTime());
    return true;
  }

  get size(): number {
    return this.#expiresAt.size;
  }

  #forget(now: number): void {
    for (const [signature, expiresAt] of this.#expiresAt) {
      // When it is full the oldest goes, which has the least time left to be replayed.
      if (expiresAt > now && this.#expiresAt.size < MAX_KEPT) break;
      this.#expiresAt.delete(signature);
    }
  }
}
