import { numberIn, objectOf, textIn, textsIn, type Json } from './json.ts';

export type Stored = {
  readonly kind: 'stored';
  /** How many have figures on the page. */
  readonly meters: number;
  /** How many lines have a figure that was not understood. */
  readonly unread: number;
  readonly rejected: number;
  /** What Creditwatch says of the first figures that were rejected or not understood, each with its line. Parts of the page are in it. */
  readonly lines: readonly string[];
  /** Creditwatch has newer figures. */
  readonly isOlder: boolean;
};

/** What became of one capture. Everything but `stored` means that nothing was stored. */
export type Outcome =
  | Stored
  /** The text waits for the person's approval; nothing was sent. */
  | { readonly kind: 'to-approve' }
  | { readonly kind: 'signed-out' }
  /** The site showed another page than the one that the person has approved. Nothing of it was read. */
  | { readonly kind: 'moved'; readonly to: string }
  /** `missing`: how many. A capture key reads no names. */
  | { readonly kind: 'fewer-meters'; readonly missing: number }
  /** `said`: how Creditwatch explains it. */
  | { readonly kind: 'no-figures' | 'unusable'; readonly said: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'key-revoked' | 'other-source' | 'clock' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null }
  /** The vendor's server answered with an error. `status`: of HTTP. */
  | { readonly kind: 'page-error'; readonly status: number }
  | { readonly kind: 'offline' | 'page-unreachable' | 'no-access' | 'no-window' }
  /** The extension or the browser failed. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'unexpected'; readonly status: number };

const LONGEST_SAID = 300;
const MOST_LINES_SHOWN = 10;
const LONGEST_LINE = 200;

/** Parses the answer of `POST /v1/pages`, by its status and code. */
export function parseAnswer(status: number, body: string, retryAfter: string | null): Outcome {
  const json = objectOf(parsedJson(body));
  const said = plain(textIn(json, 'error') ?? '', LONGEST_SAID);
  if (status === 200) return stored(json) ?? { kind: 'unexpected', status };
  if (status === 429 || status >= 500) return { kind: 'busy', retryAfterMs: retryAfterMs(retryAfter) };
  switch (textIn(json, 'code')) {
    case 'unknown-key':
    case 'no-key':
      return { kind: 'key-revoked' };
    case 'other-source':
      return { kind: 'other-source' };
    case 'too-early':
    case 'too-late':
      return { kind: 'clock' };
    case 'long-text':
    case 'too-large':
      return { kind: 'too-long' };
    case 'signed-out':
      return { kind: 'signed-out' };
    case 'fewer-meters':
      return { kind: 'fewer-meters', missing: numberIn(json, 'missing') ?? 0 };
    case 'no-figures':
    case 'other-layout':
      return { kind: 'no-figures', said };
    case 'not-a-page':
    case 'too-many-meters':
    case 'rejected':
      return { kind: 'unusable', said };
    default:
      return { kind: 'unexpected', status };
  }
}

function stored(json: Json): Outcome | null {
  const [accepted, duplicates, older] = [numberIn(json, 'accepted'), numberIn(json, 'duplicates'), numberIn(json, 'older')];
  const [rejected, notes] = [textsIn(json, 'rejected'), textsIn(json, 'notes')];
  if (accepted === null || duplicates === null || older === null || rejected === null || notes === null) return null;
  return {
    kind: 'stored',
    meters: accepted + duplicates + older,
    unread: notes.length,
    rejected: rejected.length,
    lines: shownLines([...rejected, ...notes]),
    isOlder: older > 0,
  };
}

/** Returns the first lines as they can be shown and stored: each on one line, in plain characters, and not long. */
export function shownLines(lines: readonly string[]): readonly string[] {
  return lines.slice(0, MOST_LINES_SHOWN).map((line) => plain(line, LONGEST_LINE));
}

/** Removes marks that turn the direction of what follows, and shortens a text to what is worth reading: parts of a vendor's page can be in it. */
function plain(text: string, most: number): string {
  return text.slice(0, most).replace(/[\p{Cf}\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Reads `Retry-After` in seconds, the form that Creditwatch uses. */
function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}
