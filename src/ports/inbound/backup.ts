/** Gives the bytes of a backup, as they are read, for who types it (a login name). Throws what the operator is told where none can be taken. */
export type TakeBackup = (user: string) => AsyncGenerator<Buffer, void>;
