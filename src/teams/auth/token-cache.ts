import type { Clock } from '../../ports/clock.ts';

export type GivenToken = { readonly token: string; readonly expiresAt: Date };
export type TokenSource = () => Promise<string>;

/** From then on another is asked for, while the old one still serves. */
const RENEWED_BEFORE_MS = 5 * 60_000;
/** Longer than the call that it is for may take, and clocks differ. */
const USED_BEFORE_MS = 30_000;

/**
 * Keeps a token and asks for the next one in time. Whoever asks meanwhile shares one request; as long as what is kept still
 * serves, nobody waits for the next, nor minds that it cannot be had.
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
    // By a clock that was set back it would be taken for good when Microsoft takes it no more.
    const leftMs = kept === null || kept.since > clock.now() ? 0 : kept.expiresAt.getTime() - clock.now().getTime();
    if (kept === null || leftMs <= USED_BEFORE_MS) return (await renewed()).token;
    if (leftMs <= RENEWED_BEFORE_MS) void renewed().catch(() => undefined);
    return kept.token;
  };
}
