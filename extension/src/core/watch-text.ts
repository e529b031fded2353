/** Decides when the text of a page is worth sending: pages of many vendors render after they have loaded, in several steps. */

/** What is seen in the tab at one moment. */
export type Look =
  /** `isComplete`: the document and what it loads has arrived. `status`: of HTTP, with which the document came; null if not known. */
  | { readonly kind: 'text'; readonly text: string; readonly isComplete: boolean; readonly status: number | null }
  /** The vendor's server failed, or has too much to do. Its text is not read. */
  | { readonly kind: 'error'; readonly status: number }
  | { readonly kind: 'too-long' }
  /** The tab shows another site, such as a sign-in page. Its address and text are not read. */
  | { readonly kind: 'elsewhere' }
  /** The tab shows another page of the same site, at the address `to`. Its text is not read. */
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'loading' }
  /** The browser shows an error in place of the page. */
  | { readonly kind: 'unreachable' }
  /** The person has closed the tab, or has gone to another page in it. */
  | { readonly kind: 'left' };

export type Watch = {
  readonly startedAt: number;
  readonly look: Look;
  /** Since when the tab has shown this. */
  readonly since: number;
};

export const LOOK_EVERY_MS = 1_000;
/** The longest that a tab is watched. */
const LIMIT_MS = 30_000;
/** A text that has not changed for this long is taken as the page. */
const STILL_MS = 3_000;
/** Sign-in pages pass on at once those who are signed in, so another site or page may only be on the way; some error pages load the page again. */
const ELSEWHERE_MS = 6_000;
/** Some pages never stop loading. */
const INCOMPLETE_MS = 15_000;

/** Begins to watch a tab, of which nothing has been seen. */
export function startWatch(now: number): Watch {
  return { startedAt: now, look: { kind: 'loading' }, since: now };
}

function isSame(a: Look, b: Look): boolean {
  if (a.kind === 'moved' && b.kind === 'moved') return a.to === b.to;
  return a.kind === 'text' && b.kind === 'text' ? a.text === b.text : a.kind === b.kind;
}

/** Notes what the tab shows now, and since when. */
export function seen(watch: Watch, look: Look, now: number): Watch {
  return { startedAt: watch.startedAt, look, since: isSame(watch.look, look) ? watch.since : now };
}

/** Returns whether to look again, or to take what is there. `over`: the time is up, and what is there now is all that there will be. */
export function judge({ startedAt, look, since }: Watch, now: number): 'wait' | 'take' | 'over' {
  if (look.kind === 'left') return 'over';
  if (now - startedAt >= LIMIT_MS) return 'over';
  const stillFor = now - since;
  switch (look.kind) {
    case 'loading':
      return 'wait';
    case 'elsewhere':
    case 'moved':
    case 'error':
      return stillFor >= ELSEWHERE_MS ? 'over' : 'wait';
    case 'unreachable':
    case 'too-long':
      return stillFor >= STILL_MS ? 'over' : 'wait';
    case 'text': {
      const isReady = look.text.trim() !== '' && (look.isComplete || now - startedAt >= INCOMPLETE_MS);
      return isReady && stillFor >= STILL_MS ? 'take' : 'wait';
    }
  }
}
