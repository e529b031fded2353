import { err, ok, type Result } from '../../core/result.ts';
import type { LineProblem } from '../../core/text/import-problem.ts';
import { contradictionIn } from '../../core/text/numbers/figures.ts';
import { isEdgeOfName } from '../../core/text/numbers/role-names.ts';
import { isRoleWord, roleOf, saysOwning, UNSPOKEN, type Spoken } from '../../core/text/numbers/roles.ts';
import { withoutEdges } from '../../core/text/text-end.ts';
import { isFigureAt } from './page-evidence.ts';
import { nameIn } from './page-names.ts';
import { isBound } from './page-settings.ts';
import { readTail, sharesIn, unitIn, type Share } from './page-tail.ts';
import type { Token } from './page-tokens.ts';
import { inOneUnit, type InOneUnit } from './page-units.ts';

/** The two figures of one meter, as written on a line. */
export type Figures = InOneUnit & {
  /** The text before them; empty if the name is on a line above. */
  readonly label: string;
  /** The text before them is the start of a sentence, such as "You have". */
  readonly isSentence: boolean;
  /** The meaning of the first figure by the words of the line. */
  readonly spoken: Spoken;
  /** The meaning by the label. */
  readonly labelled: Spoken;
  /** The words before them on the line, those of the label too. */
  readonly before: readonly string[];
  /** The words between and behind them. */
  readonly beside: readonly string[];
  /** The same with the marks between them. */
  readonly behind: readonly string[];
  /** Percentages on the line, such as `(15% left)`, which confirm the meaning of the first figure. */
  readonly shares: readonly Share[];
  /** Further figures behind them that have no meaning here. */
  readonly spare: readonly string[];
};

type NumberToken = Extract<Token, { kind: 'number' }>;
type Pair = {
  readonly start: number;
  readonly mid: readonly string[];
  readonly first: NumberToken;
  readonly total: NumberToken | null;
  readonly end: number;
};

const UNLIMITED = new Set([
  'unlimited',
  'unbegrenzt',
  'unlimitiert',
  'illimité',
  'illimités',
  'ilimitado',
  'ilimitados',
  'illimitato',
  'onbeperkt',
]);
const SLASHES = new Set(['/', '∕', '⁄', '／']);
const OF = new Set(['of', 'von', 'sur', 'de', 'di', 'su', 'van', 'aus', 'from']);
/** "of your 400 exports", "von insgesamt 400". */
const AFTER_OF = new Set(
  'a total of insgesamt your the my our its their ihren ihrer deinen deiner unseren den der vos votre nos les la tus su sus los las tuoi tue vostri seus suas uw je jouw de all allen'.split(
    ' ',
  ),
);
/** Whether a word or a sign stands for an allowance without an end. */
export function isUnlimited(text: string): boolean {
  return text === '∞' || UNLIMITED.has(text.toLowerCase());
}

/** Between digits. They belong to one number, or the text is not a number. */
const INNER_MARK = /^[.,'’`_:+*^~=-]$/u;
/** Words between a figure and its total: "998,386 credits left out of a total of 1,000,000". */
const MOST_BETWEEN = 6;
/** More than a page has that was pasted as one line. */
const MOST_METERS = 60;
/** How many words and marks on either side of figures are examined. */
const MOST_BESIDE = 40;

/**
 * Finds the figures of a line. A browser may put several meters on one line; a new meter starts after the word that gives the
 * figures their meaning.
 *
 * @returns the figures, or why text that may be figures is none
 */
export function figuresIn(line: string, tokens: readonly Token[]): readonly Result<Figures, LineProblem>[] {
  const pairs = pairsIn(tokens);
  if (pairs.length > MOST_METERS) return [err({ kind: 'too-many-meters', most: MOST_METERS })];
  let from = 0;
  return pairs.map((pair, index) => {
    const next = pairs[index + 1];
    const until = next === undefined ? tokens.length : cutBetween(tokens, pair, next);
    const tail = tokens.slice(pair.end, Math.min(until, pair.end + MOST_BESIDE));
    const before = tokens.slice(Math.max(from, pair.start - MOST_BESIDE), pair.start);
    from = until;
    return figuresOf(line, pair, before, tail);
  });
}

function pairsIn(tokens: readonly Token[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let index = 0;
  while (index < tokens.length) {
    const pair = pairAt(tokens, index);
    if (pair !== null) pairs.push(pair);
    index = pair?.end ?? index + 1;
  }
  return pairs;
}

function pairAt(tokens: readonly Token[], start: number): Pair | null {
  const first = tokens[start];
  if (first?.kind !== 'number' || first.isShare) return null;
  const mid: string[] = [];
  let at = start + 1;
  for (; at <= start + MOST_BETWEEN; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind === 'number') return null;
    if (token.kind === 'mark') {
      if (!SLASHES.has(token.text)) return null;
      break;
    }
    if (OF.has(token.text.toLowerCase())) break;
    mid.push(token.text);
  }
  at += 1;
  while (at <= start + MOST_BETWEEN + 4 && AFTER_OF.has(tokens[at]?.text.toLowerCase() ?? '')) at += 1;
  const last = tokens[at];
  if (last?.kind === 'number' && !last.isShare) return { start, mid, first, total: last, end: at + 1 };
  if (last !== undefined && isUnlimited(last.text)) return { start, mid, first, total: null, end: at + 1 };
  return null;
}

/** Returns where the second of two meters starts: after the word that gives the first figures their meaning, and after text in brackets. */
function cutBetween(tokens: readonly Token[], { end }: Pair, { start }: Pair): number {
  let cut = end;
  while (cut < start && !(tokens[cut]?.kind === 'word' && isRoleWord(tokens[cut]?.text ?? ''))) cut += 1;
  if (cut === start) return start;
  while (cut < start && tokens[cut]?.kind === 'word' && isRoleWord(tokens[cut]?.text ?? '')) cut += 1;
  if (tokens[cut]?.text === '(') {
    const closed = tokens.slice(cut, start).findIndex((token) => token.text === ')');
    return closed >= 0 ? cut + closed + 1 : cut;
  }
  return cut;
}

function figuresOf(
  line: string,
  { mid, first, total }: Pair,
  allBefore: readonly Token[],
  allBehind: readonly Token[],
): Result<Figures, LineProblem> {
  if (isTornBefore(line, allBefore, first) || isTornBehind(allBehind)) return err({ kind: 'not-read' });
  if (isInexact(allBefore, first) || allBehind[0]?.text === '+') return err({ kind: 'inexact' });
  const [{ shares: sharesBefore, others: before }, { shares: sharesBehind, others: tail }] = [sharesIn(allBefore), sharesIn(allBehind)];
  if (first.number === null || (total !== null && total.number === null)) return err({ kind: 'not-read' });
  const { unit, said, rest, isClear } = readTail(tail);
  const numbers = [first.number, total?.number, rest === 'unclear' ? null : rest?.number].flatMap((one) => one ?? []);
  const contradiction = contradictionIn(first.number, numbers);
  if (contradiction !== null) return err({ kind: 'bad-number', number: first.number.text, problem: contradiction });
  const { name, isSentence } = nameIn(before);
  const beginning = before.map(({ text }) => text);
  const between = roleOf(isSentence ? [...beginning, ...mid] : mid);
  const after = roleOf(isSentence && mid.length === 0 ? [...beginning, ...said] : said);
  if (between.contradicts || after.contradicts) return err({ kind: 'not-read' });
  const isSaidBetween = mid.length > 0 && (between.role !== null || between.doubts || (between.perhaps && after.role === null));
  const isOpposed = isSaidBetween && after.role !== null && between.role !== after.role && !after.perhaps && !between.perhaps;
  const asSaid = isSaidBetween ? between : after;
  // "You have 900 of 1,000 emails" may mean remaining or included.
  const spoken = asSaid.role === null && saysOwning(beginning) ? { ...asSaid, perhaps: true } : asSaid;
  if (isOpposed || rest === 'unclear' || (!isClear && spoken.role === null)) return err({ kind: 'not-read' });
  const inOne = inOneUnit(
    { number: first.number, unit: unitIn(mid, true) },
    total?.number ? { number: total.number, unit } : null,
    rest,
    unit,
  );
  if (!inOne.ok) return inOne;
  return ok({
    label: labelOf(line, name, first),
    isSentence,
    ...inOne.value,
    before: beginning,
    beside: [...mid, ...tail.flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))],
    behind: [...mid, ...tail.map(({ text }) => text)],
    shares: [...sharesBefore, ...sharesBehind],
    spoken,
    spare: tail.slice(1).flatMap((token, index) => (isFigureAt(tail, index + 1) && token.text !== rest?.number.text ? [token.text] : [])),
    labelled: isSentence || name.length === 0 ? UNSPOKEN : roleOf(beginning, 'name'),
  });
}

/** `5/10/2026` and `12/2026-03` are dates, `1/2 000 0` and `1,,614` are invalid. */
function isTornBehind(tail: readonly Token[]): boolean {
  const [next] = tail;
  if (next !== undefined && (SLASHES.has(next.text) || next.text === '-')) return true;
  if (next !== undefined && /^[–—]$/u.test(next.text) && tail[1]?.kind === 'number') return true;
  const behind = tail.find(({ text }) => !INNER_MARK.test(text));
  return behind?.kind === 'number' && !behind.isShare;
}

/** "~20", ">20", "+20", "10–20", "about 20", "less than 20". */
function isInexact(before: readonly Token[], first: NumberToken): boolean {
  const [earlier, last] = before.slice(-2).length === 2 ? before.slice(-2) : [undefined, before.at(-1)];
  if (last === undefined) return false;
  if (/^[~∼≈≃<>≤≥±+]$/u.test(last.text) || isBound(before)) return true;
  const isTouching = last.at + last.text.length === first.at && earlier !== undefined && earlier.at + earlier.text.length === last.at;
  return /^[-–—]$/u.test(last.text) && earlier?.kind === 'number' && isTouching;
}

/** "Plan 2 500/900": 500, or 2,500? */
function isTornBefore(line: string, before: readonly Token[], first: NumberToken): boolean {
  const last = before.at(-1);
  if (last?.kind === 'number') return /^\d{3}$/.test(first.text) || !isEndOfName(line, last, first);
  if (last !== undefined && SLASHES.has(last.text)) return true;
  return last?.text !== ':' && before.findLast(({ text }) => !INNER_MARK.test(text))?.kind === 'number';
}

/** Whether a mark separates the number in a name from the figures: "Plan 2: 500/900". */
function isEndOfName(line: string, last: NumberToken, first: NumberToken): boolean {
  return /[:|•·–—\t]/u.test(line.slice(last.at + last.text.length, first.at)) || last.isShare;
}

function labelOf(line: string, name: readonly Token[], first: NumberToken): string {
  const [begin, last] = [name[0], name.at(-1)];
  const text = begin === undefined || last === undefined ? '' : line.slice(begin.at, Math.min(last.at + last.text.length, first.at));
  return withoutEdges(text, isEdgeOfName);
}
