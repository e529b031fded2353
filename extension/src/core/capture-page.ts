import type { Outcome } from './answer.ts';
import { isTooLong } from './limits.ts';
import { judge, LOOK_EVERY_MS, seen, startWatch, type Look } from './watch-text.ts';

/** A tab with the page of a vendor. */
export type OpenPage = {
  look(): Promise<Look>;
  /** Closes the tab if it was opened for this. */
  close(): Promise<void>;
};

/** Opens a page, or finds the tab in which the person has just opened it; null if the browser has no window for it. */
export type OpenPages = (address: string) => Promise<OpenPage | null>;

export type Clock = { now(): number; sleep(ms: number): Promise<void> };

/** After these, a page that still renders may have more to show. */
const MAY_COME_YET = new Set<Outcome['kind']>(['no-figures', 'page-error', 'fewer-meters', 'signed-out']);
/** A page that asks to sign in is taken at its word earlier: pages only show this for a moment while they restore a session. */
const SIGNED_OUT_FOR_MS = 8_000;

/**
 * Watches a page until its text is still, and hands the text to `take`. If `take` finds no figures or too few, it watches on until the
 * time is up, and hands the text over again only if it has changed.
 */
export async function capturePage(
  address: string,
  { open, clock, take }: { readonly open: OpenPages; readonly clock: Clock; readonly take: (text: string) => Promise<Outcome> },
): Promise<Outcome> {
  const page = await open(address);
  if (page === null) return { kind: 'no-window' };
  try {
    return await watchPage(page, clock, take);
  } finally {
    await page.close();
  }
}

/** A text that was handed over, and what was made of it. */
type Taken = { readonly text: string; readonly outcome: Outcome; readonly at: number };

async function watchPage(page: OpenPage, clock: Clock, take: (text: string) => Promise<Outcome>): Promise<Outcome> {
  let watch = startWatch(clock.now());
  const taken: Taken[] = [];
  for (;;) {
    watch = seen(watch, await page.look(), clock.now());
    const { look } = watch;
    const verdict = judge(watch, clock.now());
    const last = taken.at(-1);
    const isNew = look.kind === 'text' && look.text !== last?.text && look.text.trim() !== '';
    if (verdict !== 'wait' && isNew) {
      const outcome: Outcome = isTooLong(look.text) ? { kind: 'too-long' } : orError(look, await take(look.text));
      if (!MAY_COME_YET.has(outcome.kind) || verdict === 'over') return outcome;
      taken.push({ text: look.text, outcome, at: clock.now() });
    } else if (verdict === 'over') return hasLeft(look) || !last ? withoutText(look) : last.outcome;
    else if (last?.outcome.kind === 'signed-out' && clock.now() - last.at >= SIGNED_OUT_FOR_MS) return last.outcome;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Some applications answer 404 with the page itself, so such a text is sent like another, and the status only explains why it has no figures. */
function orError({ status }: { readonly status: number | null }, outcome: Outcome): Outcome {
  return outcome.kind === 'no-figures' && status !== null && status >= 400 ? { kind: 'page-error', status } : outcome;
}

/** Whether the site itself has left the page, which explains more than the text that it showed before. */
function hasLeft({ kind }: Look): boolean {
  return kind === 'elsewhere' || kind === 'moved' || kind === 'error';
}

function withoutText(look: Look): Outcome {
  switch (look.kind) {
    case 'moved':
      return { kind: 'moved', to: look.to };
    case 'elsewhere':
      return { kind: 'signed-out' };
    case 'too-long':
      return { kind: 'too-long' };
    case 'error':
      return { kind: 'page-error', status: look.status };
    case 'left':
    case 'loading':
    case 'unreachable':
    case 'text':
      return { kind: 'page-unreachable' };
  }
}
