/** Why a file of the data folder is not used: it is a link, a folder, a pipe or a hard link, or it belongs to another user. */
export type UnsafeFileKind = 'not-plain' | 'of-other-user';

/** Why the data folder or one of its files cannot be used: data, which `src/messages/failures/data-folder.ts` words. */
export type DataFolderFailure =
  | { readonly kind: 'disk-full' | 'not-writable'; readonly dataDir: string }
  | { readonly kind: 'unsafe-file'; readonly path: string; readonly is: UnsafeFileKind }
  /** The folder belongs to another user, as whom root cannot run. `unreadable`: our code, if that user cannot read it. */
  | { readonly kind: 'foreign'; readonly dataDir: string; readonly uid: number; readonly unreadable: string | null }
  | { readonly kind: 'key-missing' | 'key-damaged'; readonly path: string }
  /** `said`: the system's message. */
  | { readonly kind: 'failed'; readonly path: string; readonly said: string };
