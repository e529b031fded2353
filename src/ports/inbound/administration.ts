import type { Result } from '../../core/result.ts';
import type { AuditRow } from '../../core/audit/audit.ts';
import type { AuditAsked } from '../stores/audit-store.ts';
import type { AccountContents } from '../stores/setup-store.ts';
import type { StoredRows } from '../stores/person-store.ts';
import type { EncryptedCount, Encryption } from '../stores/encryption-store.ts';

/** A key as the operator is shown it. `source`: null for all sources; `until`: it was replaced, and is good until then. */
export type ShownKey = {
  readonly account: string;
  readonly source: string | null;
  readonly from: 'database' | 'INGEST_KEY' | 'creditwatch.yml';
  readonly key: string;
  readonly until: Date | null;
};

/** `earlierUntil`: how long the key before goes on working; null: no earlier key works any more. */
type RotatedKey = { readonly account: string; readonly key: string; readonly earlierUntil: Date | null };

/** `made`: a new key was made for it. `done`: what was encrypted with the previous key and is not any more; `now`: how things are since. */
type RotatedEncryption = {
  readonly from: Encryption['from'];
  readonly made: boolean;
  readonly hasPrevious: boolean;
  readonly done: number;
  readonly now: EncryptedCount;
};

/** The login name of whoever typed the command, for the record. */
type Typed = { readonly user: string };

/**
 * What whoever has a shell beside the data folder may do with keys and with what is stored: in the running service, or in the database
 * right here when none runs. `account` is an id of creditwatch.yml. Errors are sentences for whoever typed it.
 */
export type Administration = {
  /** The keys that may push, of one account or of all. */
  keys(asked: Typed & { readonly account: string | null }): Promise<Result<readonly ShownKey[], string>>;
  /** Makes a new key for an account, which works at once. `atOnce`: no earlier one works any more. */
  rotateKey(asked: Typed & { readonly account: string | null; readonly atOnce: boolean }): Promise<Result<RotatedKey, string>>;
  /** What is stored of an account, also of one that creditwatch.yml names no more. */
  accountContents(asked: { readonly account: string }): Promise<Result<AccountContents, string>>;
  /** Deletes it with all that belongs to it. `isDeclared`: creditwatch.yml still names it, so that it begins anew, empty. */
  deleteAccount(
    asked: Typed & { readonly account: string },
  ): Promise<Result<{ readonly deleted: AccountContents; readonly isDeclared: boolean }, string>>;
  /** All that is stored about a person, as rows by table. */
  exportPerson(asked: Typed & { readonly person: string }): Promise<Result<StoredRows, string>>;
  /** Makes a person somebody whom nobody knows. `found`: rows that named the person, by table; `declared`: creditwatch.yml still does. */
  forgetPerson(
    asked: Typed & { readonly person: string },
  ): Promise<Result<{ readonly found: Readonly<Record<string, number>>; readonly declared: boolean }, string>>;
  /** Encrypts all that is stored with the present key for secrets; in a data folder that has its own, with a new one. May be repeated. */
  rotateEncryption(asked: Typed): Promise<Result<RotatedEncryption, string>>;
  /** Ends the keys that the present one has replaced; returns how many were good until then. */
  retireKeys(asked: Typed & { readonly account: string | null }): Promise<Result<number, string>>;
  /** Rows of the record, the newest last. `since`: a span as `typedSpan` reads it. `zones`: of each account. That it was read is recorded with the first part: the newest, or those from the beginning. */
  audit(
    asked: Typed & Omit<AuditAsked, 'since'> & { readonly since: string | null },
  ): Promise<Result<{ readonly rows: readonly AuditRow[]; readonly zones: Zones }, string>>;
};

type Zones = Readonly<Record<string, string>>;
