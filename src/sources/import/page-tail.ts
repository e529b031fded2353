import type { WrittenNumber } from '../../core/text/numbers/number.ts';
import { isHelpingWord, isPartOfName, isRoleWord, roleOf, type Role } from '../../core/text/numbers/roles.ts';
import type { Token } from './page-tokens.ts';

/** `15% left`: a share, and what it is of. */
export type Share = { readonly number: WrittenNumber; readonly role: Role };

/** Tokens without the shares among them that say what they are, and without the words that say it. */
export function sharesIn(tokens: readonly Token[]): { readonly shares: readonly Share[]; readonly others: readonly Token[] } {
  const shares: Share[] = [];
  const taken = new Set<Token>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'number' || !token.isShare || token.number === null) continue;
    const behind = wordsFrom(tokens.slice(index + 1));
    // "(left: 15%)": in brackets the word may stand before it.
    const opened = tokens.slice(0, index).findLastIndex(({ text }) => text === '(');
    const before = opened < 0 ? [] : tokens.slice(opened + 1, index);
    const said = [behind, before].find((words) => roleOf(words.map(({ text }) => text)).role !== null);
    if (said === undefined) continue;
    const { role, contradicts, doubts } = roleOf(said.map(({ text }) => text));
    if (role === null || contradicts || doubts) continue;
    shares.push({ number: token.number, role });
    for (const one of [token, ...said]) taken.add(one);
  }
  return { shares, others: taken.size === 0 ? tokens : tokens.filter((token) => !taken.has(token)) };
}

function wordsFrom(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(({ kind }) => kind !== 'word');
  return end < 0 ? tokens : tokens.slice(0, end);
}

/** A third figure that says the rest: `(998,386 left)`. */
export type Rest = { readonly number: WrittenNumber; readonly role: Role; readonly unit: readonly string[] };

/** What stands behind figures. */
export type Tail = {
  readonly unit: readonly string[];
  /** Words and marks up to the next number. */
  readonly said: readonly string[];
  readonly rest: Rest | 'unclear' | null;
  /** No number stands there that nothing explains. */
  readonly isClear: boolean;
};

const LONGEST_UNIT = 40;
const QUALIFIERS = new Set(['total', 'insgesamt', 'more', 'mehr', 'other', 'out']);
/** They end no unit. */
const INNER = new Set(['.', ':']);

/** Reads what stands behind figures: a unit, a word that says what they are, a share, and perhaps the rest of them. */
export function readTail(tail: readonly Token[]): Tail {
  const firstNumber = tail.findIndex((token) => token.kind === 'number' && !token.isShare);
  const near = firstNumber < 0 ? tail : tail.slice(0, firstNumber);
  const bracket = near.findIndex((token) => token.kind === 'mark' && !INNER.has(token.text));
  const beside = near.slice(0, bracket < 0 ? near.length : bracket).filter(({ kind }) => kind === 'word');
  const rest = firstNumber < 0 ? null : restIn(tail.slice(firstNumber));
  return {
    unit: unitIn(beside.map(({ text }) => text)),
    said: near.filter(({ kind }) => kind !== 'number').map(({ text }) => text),
    rest,
    isClear: firstNumber < 0 || rest !== null,
  };
}

/** `998,386 left)`: a number, and what it is. Null where a number is of something else, such as a day. */
function restIn(tail: readonly Token[]): Rest | 'unclear' | null {
  const [token] = tail;
  const words: string[] = [];
  for (const one of tail.slice(1)) {
    if (one.kind !== 'word') break;
    words.push(one.text);
  }
  const { role, contradicts, doubts } = roleOf(words);
  if (contradicts || doubts) return 'unclear';
  if (token?.kind !== 'number' || role === null) return null;
  return token.number === null ? 'unclear' : { number: token.number, role, unit: unitIn(words) };
}

/**
 * The words that name what is counted: up to one that says what the figure is, or that sentences are made of.
 *
 * @param isBetween between a figure and its total also behind what qualifies it: "5 free contacts of 10"
 */
export function unitIn(words: readonly string[], isBetween = false): readonly string[] {
  const unit: string[] = [];
  for (const [index, word] of words.entries()) {
    const isRole = isRoleWord(word) && !isPartOfName(words, index);
    if (unit.length === 0 && ((isRole && isBetween) || QUALIFIERS.has(word.toLowerCase()))) continue;
    if (!/^\p{L}/u.test(word) || isRole || isHelping(word)) break;
    unit.push(word);
  }
  return unit.join(' ').length <= LONGEST_UNIT ? unit : [];
}

/** AI and IT are no "as" and "it". */
export function isHelping(word: string): boolean {
  return isHelpingWord(word) && !/^\p{Lu}{2}$/u.test(word);
}
