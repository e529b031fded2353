/** Why a poll brought no figures. */
export type PollFailure =
  | { readonly kind: 'timeout'; readonly withinMs: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'redirects' }
  | { readonly kind: 'bad-redirect' }
  /** `host` is `name:port`, of the source's own URL or of a redirect. */
  | { readonly kind: 'refused'; readonly host: string; readonly address: string }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'status'; readonly status: number; readonly inaccessible: boolean; readonly retryAfterMs: number | null }
  | { readonly kind: 'html' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'runs-away' }
  /** `what`: which expression failed, and why its result cannot be used. */
  | { readonly kind: 'not-understood'; readonly what: string };
