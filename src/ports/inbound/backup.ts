/**
 * Streams the bytes of a backup. `user`: the login name of the operator. Throws an Error with a message for the operator if no backup
 * can be taken.
 */
export type TakeBackup = (user: string) => AsyncGenerator<Buffer, void>;
