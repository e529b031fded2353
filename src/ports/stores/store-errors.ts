/**
 * The one exception that is expected: the database cannot be used now, and nothing was committed (see `isStoredInPart`). Every method of a store may throw
 * it, so the layers between pass it on unseen, and where something is answered it is caught (docs/decisions/0026-store-unavailable.md).
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** What the database itself answered, such as `the database is read-only`; null when it does not answer. */
  readonly reason: string | null;
  /** True if the database answers, and ended our own work because it took too long. */
  readonly tookTooLong: boolean;
  /** True if the work took several transactions, and some of them were committed. Only an ingest throws this. */
  readonly isStoredInPart: boolean;

  constructor(
    reason: string | null,
    {
      tookTooLong = false,
      isStoredInPart = false,
      ...options
    }: ErrorOptions & { readonly tookTooLong?: boolean; readonly isStoredInPart?: boolean } = {},
  ) {
    super(reason ?? 'the database does not answer', options);
    this.reason = reason;
    this.tookTooLong = tookTooLong;
    this.isStoredInPart = isStoredInPart;
  }
}

/**
 * Thrown by the store if the database rejects a statement: a bug, or a wrongly configured database. Nothing was committed. The message
 * is for the operator.
 */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}
