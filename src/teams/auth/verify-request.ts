import { ok, type Result } from '../../core/result.ts';

/** `refused`: Microsoft rejects our credentials. `away`: there was no answer, or a temporary failure. */
export type TokenFailure =
  { readonly kind: 'refused'; readonly reason: string; readonly remedy: string } | { readonly kind: 'away'; readonly reason: string };

/** Returns the token for the `Authorization: Bearer` header of a call to `serviceUrl`, or null for none. Never throws. */
export type AccessToken = (serviceUrl: string) => Promise<Result<string | null, TokenFailure>>;

/**
 * Checks whether a request with this `Authorization` header comes from Teams. `unavailable`: Microsoft's keys could not be fetched. Never
 * throws.
 */
export type TokenCheck = (authorization: string, from: { readonly serviceUrl: string }) => Promise<Result<void, 'refused' | 'unavailable'>>;

/** Who vouches for whom: Microsoft for what arrives, and for us where we post. */
export type MicrosoftTokens = { readonly check: TokenCheck; readonly token: AccessToken };

/** For an emulator on this machine: accepts every request and sends no token. */
export const anonymousTokens: MicrosoftTokens = { check: async () => ok(undefined), token: async () => ok(null) };
