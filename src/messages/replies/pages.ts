import type { DatabaseProblem } from '../../core/database-problem.ts';
import type { ImportProblem } from '../../core/text/import-problem.ts';
import { importProblemText } from '../forms/import-problems.ts';
import { notReachedText, NOT_STORED, unreadBodyText, type UnreadBody } from './refused-request.ts';

/** Why a request to `/v1/pages` is rejected. Its `kind` is the code of the answer. Nothing was stored. */
export type PageProblem =
  | { readonly kind: 'wrong-method' | 'no-key' | 'unknown-key' | 'too-many-requests' }
  | { readonly kind: 'database-away'; readonly problem: DatabaseProblem | null }
  | UnreadBody
  | { readonly kind: 'not-json' }
  | { readonly kind: 'bad-field'; readonly field: 'source' | 'text' | 'url' | 'capturedAt' | 'preview' | null }
  | { readonly kind: 'long-text'; readonly mostBytes: number }
  | { readonly kind: 'other-source'; readonly sources: readonly string[] }
  | { readonly kind: 'too-early' | 'too-late'; readonly now: Date }
  | { readonly kind: 'signed-out'; readonly host: string }
  | { readonly kind: 'not-a-page' }
  | { readonly kind: 'no-figures'; readonly why: ImportProblem }
  /** The recipe of the vendor knows other meters. */
  | { readonly kind: 'other-layout'; readonly vendor: string; readonly known: readonly string[] }
  | { readonly kind: 'fewer-meters'; readonly missing: readonly string[] }
  | { readonly kind: 'too-many-meters'; readonly most: number }
  | { readonly kind: 'rejected'; readonly reasons: readonly string[] };

const MOST_MIB = 2;

const FIELDS = {
  source: '"source" must be the ID of a source, of 1 to 200 characters without a slash',
  text: '"text" must be the visible text of the page',
  url: '"url" must be an https address of at most 2,000 characters',
  capturedAt: '"capturedAt" must be a time such as 2026-12-01T08:00:00Z',
  preview: '"preview" must be true or false',
};

/** How somebody stores what a captured page may not, with a chat and without one. */
const PASTE_ONCE = 'paste it once: /usage import in Slack or Teams, or npx creditwatch import';

/** Explains to the person who captures a page what is wrong and what to do. */
export function pageProblemText(problem: PageProblem): string {
  switch (problem.kind) {
    case 'wrong-method':
      return 'POST sends a page; nothing can be read here';
    case 'no-key':
      return 'send Authorization: Bearer <capture key>; /usage capture in Slack or Teams, or npx creditwatch capture, makes one';
    case 'unknown-key':
      return 'this capture key is not known here, or was revoked';
    case 'too-many-requests':
      return 'too many pages at once; try again in a second';
    case 'database-away':
      return notReachedText(problem.problem, NOT_STORED);
    case 'too-large':
    case 'unknown-encoding':
    case 'damaged':
    case 'full':
    case 'cut-off':
      return unreadBodyText(problem, MOST_MIB);
    case 'not-json':
      return 'the body is not JSON in UTF-8';
    case 'bad-field':
      return problem.field === null
        ? 'the body must be an object with source, text, url, capturedAt and perhaps preview, and nothing else'
        : FIELDS[problem.field];
    case 'long-text':
      return `"text" is longer than ${String(problem.mostBytes / 1024 / 1024)} MiB; send only the part with the credits`;
    case 'other-source':
      return `this key can only write pages of ${problem.sources.join(', ')}`;
    case 'too-early':
      return `the page was captured more than a day ago (it is ${problem.now.toISOString()} here); capture it again`;
    case 'too-late':
      return `the page was captured in the future (it is ${problem.now.toISOString()} here); correct the clock of the sender`;
    case 'signed-out':
      return `the page asks to sign in; sign in at ${problem.host} and capture it again`;
    case 'not-a-page':
      return 'the text is CSV or JSON, not a usage page; import it: /usage import in Slack or Teams, or npx creditwatch import';
    case 'no-figures':
      return importProblemText(problem.why);
    case 'other-layout':
      return `the page has none of the figures of ${problem.vendor} that are known: ${problem.known.join(', ')}. Nothing was stored. If it is the usage page, ${PASTE_ONCE}`;
    case 'fewer-meters':
      return fewerMetersText(problem.missing.length);
    case 'too-many-meters':
      return `a source gets at most ${String(problem.most)} meters by captured pages, and this page would add more. Nothing was stored. If all of them are right, open the page and ${PASTE_ONCE}`;
    case 'rejected':
      return `no figure was stored: ${problem.reasons.join('; ')}`;
  }
}

/** Without names, because a capture key reads none. */
function fewerMetersText(count: number): string {
  const [meters, them] = count === 1 ? ['a meter', 'it'] : [`${String(count)} meters`, 'them'];
  return `the page lacks ${meters} that it had the last time. Nothing was stored. To see which, compare it with /usage in Slack or Teams, or npx creditwatch usage. If the vendor no longer shows ${them}, open the page and ${PASTE_ONCE}`;
}
