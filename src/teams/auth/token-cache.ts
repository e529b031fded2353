import type { Clock } from '../../ports/clock.ts';

export type GivenToken = { readonly token: string; readonly expiresAt: Date };
export type TokenSource = () => Promise<string>;

/** A new token is requested this long before the old one expires. */
const RENEWED_BEFORE_MS = 5 * 60_000;
/** A token is no longer used this long before it expires: longer than a call may take, and clocks differ. */
const USED_BEFORE_MS = 30_000;

/**
 * Caches a token and requests the next one early. Calls at the same time share one request. As long as the cached token is valid, callers
 * neither wait for the next one nor see that it failed. The returned function rejects with the error of `ask`.
 */
export function cachedToken(ask: () => Promise<GivenToken>, clock: Clock): TokenSource {
  let kept: (GivenToken & { readonly since: Date }) | null = null;
  let asking: Promise<GivenToken> | null = null;

  function renewed(): Promise<GivenToken> {
    asking ??= ask()
      .then((given) => (kept = { ...given, since: clock.now() }))
      .finally(() => (asking = null));
    return asking;
  }

  return async () => {
    // After the clock was set back, the token would look valid after Microsoft no longer accepts it.
    const leftMs = kept === null || kept.since > clock.now() ? 0 : kept.expiresAt.getTime() - clock.now().getTime();
    if (kept === null || leftMs <= USED_BEFORE_MS) return (await renewed()).token;
    if (leftMs <= RENEWED_BEFORE_MS) void renewed().catch(() => undefined);
    return kept.token;
  };
}
