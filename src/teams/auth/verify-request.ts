import { ok, type Result } from '../../core/result.ts';

/** `refused`: Microsoft does not take our credentials. `away`: nobody answered, or not for now. */
export type TokenFailure =
  { readonly kind: 'refused'; readonly reason: string; readonly remedy: string } | { readonly kind: 'away'; readonly reason: string };

/** Gives what goes behind `Bearer` in a call to `serviceUrl`; null for none. Never throws. */
export type AccessToken = (serviceUrl: string) => Promise<Result<string | null, TokenFailure>>;

/** Whether a request with this `Authorization` comes from Teams. `unavailable`: Microsoft's keys could not be fetched. Never throws. */
export type TokenCheck = (authorization: string, from: { readonly serviceUrl: string }) => Promise<Result<void, 'refused' | 'unavailable'>>;

/** Who vouches for whom: Microsoft for what arrives, and for us where we post. */
export type RequestVerifier = { readonly check: TokenCheck; readonly token: AccessToken };

/** For an emulator on this machine. */
export const anonymousVerifier: RequestVerifier = { check: async () => ok(undefined), token: async () => ok(null) };
