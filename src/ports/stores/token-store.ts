/** A token that a vendor gave for a source. `request`: identifies the request for it, so that another key or scope needs a new one. */
type KeptToken = { readonly token: string; readonly request: string; readonly until: Date };

/** Keeps the tokens of polled sources, encrypted, for all processes. */
export type TokenStore = {
  /** Returns the token of a source; null if there is none that lasts, or it cannot be decrypted. */
  keptToken(account: string, source: string, now: Date): Promise<KeptToken | null>;
  /** Replaces the token of a source, and deletes tokens that have expired. */
  keepToken(account: string, source: string, token: KeptToken, now: Date): Promise<void>;
};
