/** Why a poll brought no figures. `request`: the name of an earlier request or `token`, if it was not the main one. */
export type PollFailure = { readonly request?: string } & (
  | { readonly kind: 'timeout'; readonly withinMs: number }
  | { readonly kind: 'too-large'; readonly mostBytes: number }
  /** All answers of the poll together. */
  | { readonly kind: 'all-too-large'; readonly mostBytes: number }
  | { readonly kind: 'redirects' }
  | { readonly kind: 'bad-redirect' }
  /** `host` is `name:port`, of the source's own URL or of a redirect. */
  | { readonly kind: 'refused'; readonly host: string; readonly address: string }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'status'; readonly status: number; readonly inaccessible: boolean; readonly retryAfterMs: number | null }
  /** Nothing is in the answer, or in its list of that name (null: the answer is the list). */
  | { readonly kind: 'empty'; readonly what: 'body' | 'answer' | { readonly list: string | null } }
  | { readonly kind: 'html' }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-deep' }
  | { readonly kind: 'runs-away' }
  /** `what`: which expression failed, and why its result cannot be used. */
  | { readonly kind: 'not-understood'; readonly what: string }
  /** An earlier answer has no value of this name for the requests after it. */
  | { readonly kind: 'no-value'; readonly name: string; readonly expression: string }
  /** More items or pages than the source may ask for. */
  | { readonly kind: 'too-many'; readonly what: 'items' | 'pages'; readonly most: number }
  /** The next page is at another origin, where the key must not be sent. */
  | { readonly kind: 'other-origin' }
  /** The next page is one that was asked for already. */
  | { readonly kind: 'same-page' }
  | { readonly kind: 'bad-signing-key' }
);
