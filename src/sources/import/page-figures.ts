import type { WrittenNumber } from '../../core/written/number.ts';
import { isPartOfName, isRoleWord, roleOf, UNSPOKEN, type Role, type Spoken } from '../../core/written/roles.ts';
import type { Token } from './page-tokens.ts';

/** Two figures of one meter, as they stand on a line. */
export type Figures = {
  /** What stands before them; empty when that is on a line above. */
  readonly label: string;
  readonly first: WrittenNumber;
  /** Null for an allowance without end. */
  readonly total: WrittenNumber | null;
  readonly unit: string;
  /** What the line says that the first of them is. */
  readonly spoken: Spoken;
  /** What the label says of it. */
  readonly labelled: Spoken;
  /** A third figure that says the rest: `(998,386 left)`. */
  readonly rest: { readonly number: WrittenNumber; readonly role: Role } | null;
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
/** Words between a figure and its total: "998,386 credits left out of a total of 1,000,000". */
const MOST_BETWEEN = 6;
const LONGEST_UNIT = 40;
/** Words and marks on either side of figures that are looked at. */
const MOST_BESIDE = 40;

/**
 * Finds the figures of a line. A browser may have put several meters on one: behind the word that says what figures are, a
 * new one begins.
 *
 * @returns null in the place of figures that are not surely such
 */
export function figuresIn(line: string, tokens: readonly Token[]): readonly (Figures | null)[] {
  const pairs = pairsIn(tokens);
  let from = 0;
  return pairs.map((pair, index) => {
    const next = pairs[index + 1];
    const until = next === undefined ? tokens.length : cutBetween(tokens, pair, next);
    const figures = figuresOf(line, tokens.slice(0, Math.min(until, pair.end + MOST_BESIDE)), pair, from);
    from = until;
    return figures;
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
  while (at <= start + MOST_BETWEEN + 4 && ['a', 'total', 'of', 'insgesamt', 'your', 'the'].includes(tokens[at]?.text.toLowerCase() ?? ''))
    at += 1;
  const last = tokens[at];
  if (last?.kind === 'number' && !last.isShare) return { start, mid, first, total: last, end: at + 1 };
  if (last !== undefined && (last.text === '∞' || UNLIMITED.has(last.text.toLowerCase())))
    return { start, mid, first, total: null, end: at + 1 };
  return null;
}

/** Where between two pairs the second meter begins: behind the word that says what the first figures are, and what is in brackets there. */
function cutBetween(tokens: readonly Token[], { end }: Pair, { start }: Pair): number {
  let cut = end;
  while (cut < start && !(tokens[cut]?.kind === 'word' && isRoleWord(tokens[cut]?.text ?? ''))) cut += 1;
  if (cut === start) return start;
  while (cut < start && tokens[cut]?.kind === 'word' && isRoleWord(tokens[cut]?.text ?? '')) cut += 1;
  if (tokens[cut]?.text === '(') {
    const closed = tokens.findIndex((token, index) => index > cut && token.text === ')');
    return closed >= 0 && closed < start ? closed + 1 : cut;
  }
  return cut;
}

function figuresOf(line: string, tokens: readonly Token[], { start, mid, first, total, end }: Pair, from: number): Figures | null {
  const tail = tokens.slice(end, end + MOST_BESIDE);
  const before = tokens.slice(Math.max(from, start - MOST_BESIDE), start);
  // 5/10/2026 and 12/2026-03 are dates, and 1,23,4 is nothing.
  const [next] = tail;
  if (next !== undefined && (SLASHES.has(next.text) || (next.text.startsWith('-') && next.kind === 'number') || next.text === '-'))
    return null;
  if (first.number === null || (total !== null && total.number === null)) return null;
  // "Plan 2 500/900": 500, or 2,500?
  const last = before.at(-1);
  if (last?.kind === 'number' && (/^\d{3}$/.test(first.text) || !isEndOfName(line, last, first))) return null;
  if (last !== undefined && SLASHES.has(last.text)) return null;
  const { unit, said, rest, isClear } = readTail(tail);
  const between = roleOf(mid);
  const after = roleOf(said);
  if (between.contradicts || after.contradicts) return null;
  const isOpposed = between.role !== null && after.role !== null && between.role !== after.role && !after.perhaps && !between.perhaps;
  const spoken = between.role !== null || (between.perhaps && after.role === null) ? between : after;
  const name = before.map(({ text }) => text);
  if (isOpposed || rest === 'unclear' || (!isClear && spoken.role === null)) return null;
  return {
    label: labelOf(line, before, first),
    first: first.number,
    total: total?.number ?? null,
    unit: unit || unitOf(mid),
    spoken,
    labelled: name.length === 0 ? UNSPOKEN : roleOf(name, 'name'),
    rest,
  };
}

/** Whether a mark keeps the number of a name from the figures: "Plan 2: 500/900". */
function isEndOfName(line: string, last: NumberToken, first: NumberToken): boolean {
  return /[:|•·–—\t]/u.test(line.slice(last.at + last.text.length, first.at)) || last.isShare;
}

function labelOf(line: string, before: readonly Token[], first: NumberToken): string {
  const begin = before[0]?.at ?? first.at;
  const text = line.slice(begin, first.at);
  let [from, to] = [0, text.length];
  while (to > from && isEdge(text, to - 1)) to -= 1;
  while (from < to && isEdge(text, from)) from += 1;
  return text.slice(from, to);
}

function isEdge(text: string, at: number): boolean {
  return /[\s:|•·–—\-(),]/u.test(text.charAt(at));
}

/** What stands behind the figures: a unit, a word that says what they are, a share, and perhaps the rest of them. */
function readTail(tail: readonly Token[]) {
  const firstNumber = tail.findIndex((token) => token.kind === 'number' && !token.isShare);
  const near = firstNumber < 0 ? tail : tail.slice(0, firstNumber);
  const bracket = near.findIndex((token) => token.kind === 'mark' && !['.', ':'].includes(token.text));
  const words = near.slice(0, bracket < 0 ? near.length : bracket);
  const texts = words.map(({ text }) => text);
  const role = words.findIndex((token, index) => token.kind === 'word' && isRoleWord(token.text) && !isPartOfName(texts, index));
  const said = near.filter((token) => token.kind === 'word').map(({ text }) => text);
  return {
    unit: unitOf(texts.slice(0, role < 0 ? texts.length : role)),
    said,
    rest: firstNumber < 0 ? null : restIn(tail.slice(firstNumber)),
    /** No number stands there that nothing explains. */
    isClear: firstNumber < 0 || restIn(tail.slice(firstNumber)) !== null,
  };
}

/** `998,386 left)`: a number, and what it is. Null where a number is of something else, such as a day. */
function restIn(tail: readonly Token[]): Figures['rest'] | 'unclear' {
  const [token] = tail;
  const words: string[] = [];
  for (const one of tail.slice(1)) {
    if (one.kind !== 'word') break;
    words.push(one.text);
  }
  const { role, contradicts } = roleOf(words);
  if (contradicts) return 'unclear';
  if (token?.kind !== 'number' || role === null) return null;
  return token.number === null ? 'unclear' : { number: token.number, role };
}

function unitOf(words: readonly string[]): string {
  const unit = words
    .filter((word, index) => (!isRoleWord(word) || isPartOfName(words, index)) && /^\p{L}/u.test(word) && word.toLowerCase() !== 'out')
    .join(' ')
    .toLowerCase();
  return unit.length <= LONGEST_UNIT ? unit : '';
}
