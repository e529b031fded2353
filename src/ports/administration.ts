import type { Result } from '../core/result.ts';
import type { EncryptedCount, Encryption } from './encryption.ts';

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

/**
 * What whoever has a shell beside the data folder may do with keys and with what is stored: in the running service, or in the database
 * right here when none runs. `account` is an id of creditwatch.yml. Errors are sentences for whoever typed it.
 */
export type Administration = {
  /** The keys that may push, of one account or of all. */
  keys(asked: { readonly account: string | null }): Promise<Result<readonly ShownKey[], string>>;
  /** Makes a new key for an account, which works at once. `atOnce`: no earlier one works any more. */
  rotateKey(asked: { readonly account: string | null; readonly atOnce: boolean }): Promise<Result<RotatedKey, string>>;
  /** Encrypts all that is stored with the present key for secrets; in a data folder that has its own, with a new one. May be repeated. */
  rotateEncryption(): Promise<Result<RotatedEncryption, string>>;
  /** Ends the keys that the present one has replaced; returns how many were good until then. */
  retireKeys(asked: { readonly account: string | null }): Promise<Result<number, string>>;
};
