import type { Actor } from '../../core/audit/audit.ts';
import type { Result } from '../../core/result.ts';

/** 32 bytes each. The present one encrypts, both decrypt. */
export type EncryptionKeys = { readonly current: Buffer; readonly previous: Buffer | null };

/** The keys for what is stored encrypted, for as long as a process lives. */
export type Encryption = {
  /** `environment`: ENCRYPTION_KEY; `folder`: the files of the data folder. */
  readonly from: 'environment' | 'folder';
  keys(): EncryptionKeys;
  /** In the folder: makes a new key and keeps the present one as the previous. Where there is a previous one, or the keys come from the environment, nothing changes. */
  renew(): Result<'made' | 'kept', string>;
  /** In the folder: deletes the previous key, with which nothing is encrypted any more. */
  dropPrevious(): Result<null, string>;
};

/** How many stored secrets are encrypted with which key; `unreadable`: with neither, or altered since. */
export type EncryptedCount = { readonly current: number; readonly previous: number; readonly unreadable: number };

export type EncryptionStore = {
  count(): Promise<EncryptedCount>;
  /** Encrypts all that the previous key encrypted with the present one, all or nothing. Returns how many those were. */
  encryptAnew(how: { readonly actor: Actor; readonly now: Date }): Promise<number>;
};
