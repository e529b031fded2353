import type { AuditEntry, AuditRow } from '../../core/audit/audit.ts';

/**
 * Which rows: of one account, or of all and of the whole deployment. `by`: of one person. `after`: those that follow the row of that
 * number, the oldest first; null for the newest.
 */
export type AuditAsked = {
  readonly account: string | null;
  readonly since: Date | null;
  readonly by: string | null;
  readonly after: bigint | null;
  readonly most: number;
};

/** The record of who did what. What changes something adds its row itself, in its own transaction. */
export type AuditStore = {
  /** For what changes nothing else: figures that are read out. */
  record(account: string | null, entry: AuditEntry, now: Date): Promise<void>;
  /** At most as many as are asked for, the newest last. */
  rows(asked: AuditAsked): Promise<readonly AuditRow[]>;
  /** Deletes what is older than an instant, as far as it is older than a year by the database's own clock too. */
  forget(before: Date): Promise<void>;
};
