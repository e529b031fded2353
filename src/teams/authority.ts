import { ok, type Result } from '../core/result.ts';

/** `refused`: Microsoft does not take our credentials. `away`: nobody answered. */
export type TokenFailure = { readonly kind: 'refused' | 'away'; readonly reason: string };

/** Who vouches for whom: Microsoft for what arrives, and for us where we post. Neither throws. */
export type TeamsAuthority = {
  /** Whether a request with this `Authorization` comes from Teams. `unavailable`: Microsoft's keys could not be fetched. */
  check(authorization: string, from: { readonly serviceUrl: string }): Promise<Result<void, 'refused' | 'unavailable'>>;
  /** What goes behind `Bearer` in a call to `serviceUrl`; null for none. */
  token(serviceUrl: string): Promise<Result<string | null, TokenFailure>>;
};

/** For an emulator on this machine. */
export const nobodysAuthority: TeamsAuthority = { check: async () => ok(undefined), token: async () => ok(null) };
