/** Static sentences, with all that varies in the fields. Secrets are redacted by whoever implements it. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A value that was made or came in just now and must not appear: from here on it is blotted out. */
  conceal(secret: string): void;
};
