import type { Result } from '../../core/result.ts';
import type { MadeCaptureKey } from './actions.ts';
import type { AuditRow } from '../../core/audit/audit.ts';
import type { Person } from '../../core/text/person.ts';
import type { CaptureKey } from '../stores/capture-store.ts';
import type { AuditAsked } from '../stores/audit-store.ts';
import type { AccountContents } from '../stores/setup-store.ts';
import type { StoredRows } from '../stores/person-store.ts';
import type { EncryptedCount, Encryption } from '../stores/encryption-store.ts';

/** A key as the operator sees it. `source`: null for all sources. `until`: the end of a replaced key; null for the current one. */
export type ShownKey = {
  readonly account: string;
  readonly source: string | null;
  readonly from: 'database' | 'INGEST_KEY' | 'creditwatch.yml';
  readonly key: string;
  readonly until: Date | null;
};

/** `earlierUntil`: when the previous key stops working; null if no earlier key works. */
type RotatedKey = { readonly account: string; readonly key: string; readonly earlierUntil: Date | null };

/** `made`: a new key was created. `done`: how many secrets were re-encrypted. `now`: the counts afterwards. */
type RotatedEncryption = {
  readonly from: Encryption['from'];
  readonly made: boolean;
  readonly hasPrevious: boolean;
  readonly done: number;
  readonly now: EncryptedCount;
};

/** The person who typed the command, for the audit record. */
type Typed = { readonly actor: Person };

/**
 * What an operator with shell access to the data folder may do with keys and stored data: through the running service, or directly in
 * the database if no service runs. `account` is an id of creditwatch.yml. Errors are sentences for the operator.
 */
export type Administration = {
  /** The ingest keys of one account, or of all accounts. */
  keys(asked: Typed & { readonly account: string | null }): Promise<Result<readonly ShownKey[], string>>;
  /** Creates a new key for an account. It works at once. `atOnce`: earlier keys stop working immediately. */
  rotateKey(asked: Typed & { readonly account: string | null; readonly atOnce: boolean }): Promise<Result<RotatedKey, string>>;
  /** Makes a key that can only write pages of some sources. It is shown once. */
  makeCaptureKey(
    asked: Typed & { readonly account: string | null; readonly sources: readonly string[]; readonly mayBeNew: boolean },
  ): Promise<Result<MadeCaptureKey & { readonly account: string }, string>>;
  /** The capture keys of one account, or of all accounts, without the keys themselves. */
  captureKeys(asked: { readonly account: string | null }): Promise<Result<readonly CaptureKey[], string>>;
  /** Revokes a capture key by its name. It stops working at once. */
  revokeCaptureKey(asked: Typed & { readonly account: string | null; readonly name: string }): Promise<Result<null, string>>;
  /** Counts the stored rows of an account, including an account that creditwatch.yml no longer declares. */
  accountContents(asked: { readonly account: string }): Promise<Result<AccountContents, string>>;
  /** Deletes an account and all its data. `isDeclared`: creditwatch.yml still declares it, so it starts again, empty. */
  deleteAccount(
    asked: Typed & { readonly account: string },
  ): Promise<Result<{ readonly deleted: AccountContents; readonly isDeclared: boolean }, string>>;
  /** Exports all that is stored about a person, as rows by table. */
  exportPerson(asked: Typed & { readonly person: string }): Promise<Result<StoredRows, string>>;
  /** Anonymizes a person. `found`: how many rows named the person, by table. `declared`: creditwatch.yml still names the person. */
  forgetPerson(
    asked: Typed & { readonly person: string },
  ): Promise<Result<{ readonly found: Readonly<Record<string, number>>; readonly declared: boolean }, string>>;
  /** Encrypts all stored secrets with the current key; if the keys are in the data folder, with a new one. Can be repeated. */
  rotateEncryption(asked: Typed): Promise<Result<RotatedEncryption, string>>;
  /** Ends all replaced keys. Returns how many were still valid. */
  retireKeys(asked: Typed & { readonly account: string | null }): Promise<Result<number, string>>;
  /**
   * Reads the audit record, newest row last. `since`: a span as `typedSpan` reads it. `zones`: the time zone of each account. Reading
   * is recorded with the first page.
   */
  audit(
    asked: Typed & Omit<AuditAsked, 'since' | 'by'> & { readonly since: string | null; readonly by: string | null },
  ): Promise<Result<{ readonly rows: readonly AuditRow[]; readonly zones: Zones }, string>>;
};

type Zones = Readonly<Record<string, string>>;
