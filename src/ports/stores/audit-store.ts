import type { AuditEntry, AuditRow } from '../../core/audit/audit.ts';
import type { Person } from '../../core/text/person.ts';

/**
 * Selects rows of the audit record. `account`: null for all accounts and the whole deployment. `by`: one person. `after`: the number of
 * a row, to read the rows that follow it, oldest first; null for the newest.
 */
export type AuditAsked = {
  readonly account: string | null;
  readonly since: Date | null;
  readonly by: Person | null;
  readonly after: bigint | null;
  readonly most: number;
};

/** The audit record. Changes add their rows themselves, in their own transactions. */
export type AuditStore = {
  /** Records an action that changes nothing else, such as reading figures. */
  record(account: string | null, entry: AuditEntry, now: Date): Promise<void>;
  /** Returns at most `most` rows, newest last. */
  rows(asked: AuditAsked): Promise<readonly AuditRow[]>;
  /** Deletes rows that are older than an instant and also older than a year by the clock of the database. */
  forget(before: Date): Promise<void>;
};
