/** Gives the bytes of a backup, as they are read. Throws what the operator is told where none can be taken. */
export type TakeBackup = () => AsyncGenerator<Buffer, void>;
