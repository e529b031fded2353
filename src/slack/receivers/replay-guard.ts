/** About 10 MB. Slack sends at most 30,000 events an hour and workspace. A signature is kept for at most 10 minutes. */
const MAX_KEPT = 50_000;

/**
 * Remembers accepted signatures until they expire. In memory only, because the answer to Slack cannot wait for a database. A replay that
 * reaches another process, or this one after a restart, is acknowledged, but `claim` finds it in the database before anything is done. Pass
 * only verified signatures, so that other senders cannot fill it.
 */
export class ReplayGuard {
  /** In order of arrival, which is nearly the order of expiry. */
  readonly #expiresAt = new Map<string, number>();

  /** Returns true for a new signature, and false from then on. */
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
      // When it is full, the oldest is removed, because it expires first.
      if (expiresAt > now && this.#expiresAt.size < MAX_KEPT) break;
      this.#expiresAt.delete(signature);
    }
  }
}
