import type { Actor } from '../../core/audit/audit.ts';
import type { Result } from '../../core/result.ts';
import type { DataFolderFailure } from '../outbound/data-folder.ts';

/** 32 bytes each. `current` encrypts; both decrypt. */
export type EncryptionKeys = { readonly current: Buffer; readonly previous: Buffer | null };

/** The encryption keys of a process. */
export type Encryption = {
  /** `environment`: ENCRYPTION_KEY; `folder`: the files of the data folder. */
  readonly from: 'environment' | 'folder';
  keys(): EncryptionKeys;
  /**
   * Creates a new key in the data folder and keeps the current one as the previous. Changes nothing if there is a previous key, or if
   * the keys come from the environment.
   */
  renew(): Result<'made' | 'kept', DataFolderFailure>;
  /** Deletes the previous key from the data folder, once nothing is encrypted with it. */
  dropPrevious(): Result<null, DataFolderFailure>;
};

/** How many stored secrets are encrypted with each key. `unreadable`: with another key, or altered. */
export type EncryptedCount = { readonly current: number; readonly previous: number; readonly unreadable: number };

export type EncryptionStore = {
  count(): Promise<EncryptedCount>;
  /** Encrypts all secrets of the previous key with the current one, all or nothing. Returns how many there were. */
  encryptAnew(how: { readonly actor: Actor; readonly now: Date }): Promise<number>;
};
