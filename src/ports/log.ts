/** Static sentences, with all that varies in the fields. Secrets are redacted by whoever implements it. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
