import type { DatabaseProblem } from '../../core/database-problem.ts';

/**
 * The one exception that is expected: the database cannot be used now, and nothing was committed, unless `isStoredInPart` is set. Every
 * method of a store may throw it, so the layers between pass it on unseen, and where something is answered it is caught
 * (docs/decisions/0026-store-unavailable.md).
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** What the database itself answered; null when it does not answer. */
  readonly problem: DatabaseProblem | null;
  /** True if the database answers, and ended our own work because it took too long. */
  readonly tookTooLong: boolean;
  /** True if the work took several transactions, and some of them were committed. Only an ingest throws this. */
  readonly isStoredInPart: boolean;

  constructor(
    problem: DatabaseProblem | null,
    {
      tookTooLong = false,
      isStoredInPart = false,
      ...options
    }: ErrorOptions & { readonly tookTooLong?: boolean; readonly isStoredInPart?: boolean } = {},
  ) {
    super(`database unavailable: ${problem ?? 'no answer'}`, options);
    this.problem = problem;
    this.tookTooLong = tookTooLong;
    this.isStoredInPart = isStoredInPart;
  }
}

/**
 * Thrown by the store if the database rejects a statement: a bug, or a wrongly configured database. Nothing was committed.
 */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
  /** Null if the statement is faulty, which is a bug. */
  readonly problem: DatabaseProblem | null;
  /** The message of the server; null if it was not asked. */
  readonly said: string | null;

  constructor({ problem, said }: { readonly problem: DatabaseProblem | null; readonly said: string | null }, options: ErrorOptions = {}) {
    super(`statement refused: ${said ?? problem ?? 'no reason given'}`, options);
    this.problem = problem;
    this.said = said;
  }
}
