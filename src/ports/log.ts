/** Logs a static message; all that varies is in the fields. Implementations redact secrets. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Redacts a secret that was created or received at run time from all later lines. */
  conceal(secret: string): void;
};
