import type { Actor } from '../../core/audit/audit.ts';
import type { Person } from '../../core/text/person.ts';

/** A key that can only write pages of its sources. `by`: who made it; null if that person was anonymized. */
export type CaptureKey = {
  readonly account: string;
  /** Names the key in lists and to revoke it. */
  readonly name: string;
  readonly sources: readonly string[];
  readonly by: Person | null;
  readonly madeAt: Date;
};

/** The keys that capture pages. Of each key only the SHA-256 is stored, in hexadecimal. */
export type CaptureStore = {
  /** The keys of an account, or of all accounts, oldest first. */
  list(account: string | null): Promise<readonly CaptureKey[]>;
  /** The key with this hash; null if there is none. */
  find(hash: string): Promise<CaptureKey | null>;
  /** The sources of an account: those of creditwatch.yml, and those that have figures. */
  sources(account: string): Promise<readonly string[]>;
  /** Stores a key, with a row of the audit record. Returns false if the account is not stored yet. */
  add(key: CaptureKey & { readonly by: Person }, hash: string): Promise<boolean>;
  /** Deletes a key by its name, with a row of the audit record. Returns false if there is none. */
  revoke(account: string, name: string, how: { readonly actor: Actor; readonly now: Date }): Promise<boolean>;
};
