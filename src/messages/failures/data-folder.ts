/** Why the data folder or one of its files cannot be used. */
type Failure =
  | { readonly kind: 'disk-full' | 'not-writable'; readonly dataDir: string }
  | { readonly kind: 'unsafe-file'; readonly path: string; readonly is: 'not-plain' | 'of-other-user' }
  | { readonly kind: 'foreign'; readonly dataDir: string; readonly uid: number; readonly unreadable: string | null }
  | { readonly kind: 'key-missing' | 'key-damaged'; readonly path: string }
  | { readonly kind: 'failed'; readonly path: string; readonly said: string };

/** Says why the data folder cannot be used, and the next step. */
export function dataFolderText(failure: Failure): string {
  switch (failure.kind) {
    case 'disk-full':
      return `The disk that holds ${failure.dataDir} is full. Free some space, then start again.`;
    case 'not-writable':
      return `${failure.dataDir} cannot be written to. Make it writable for this user, or set DATA_DIR to a folder that is.`;
    case 'unsafe-file':
      return unsafeFileText(failure);
    case 'foreign': {
      const code = failure.unreadable === null ? '' : ` That user cannot read the program in ${failure.unreadable}.`;
      return `${failure.dataDir} is in a folder of another user (id ${String(failure.uid)}), in which root does not write.${code} Run the command as that user (sudo -u '#${String(failure.uid)}' npx creditwatch …), or set DATA_DIR to a folder of root's.`;
    }
    case 'key-missing':
      return `${failure.path} is gone. Put it back from your backup.`;
    case 'key-damaged':
      return `${failure.path} does not hold a key of 32 bytes. Restore it from your backup: without it, stored secrets cannot be read.`;
    case 'failed':
      return `${failure.path}: ${failure.said}`;
  }
}

/** A file of the data folder that somebody else may have put there. */
export function unsafeFileText({ path, is }: { readonly path: string; readonly is: 'not-plain' | 'of-other-user' }): string {
  const what = is === 'not-plain' ? 'a link, or not a regular file' : 'a file of another user';
  return `${path} is ${what}, so Creditwatch does not use it. Remove it, and find out who created it.`;
}

/**
 * The remedy for a secret that was encrypted with another key.
 *
 * @param config.encryptionKey the key from the environment, if it is set
 */
export function putKeyBackText({ encryptionKey }: { readonly encryptionKey: unknown }): string {
  return `Put back the ${encryptionKey === null ? 'encryption.key of the data folder' : 'ENCRYPTION_KEY'} that this database was used with.`;
}
