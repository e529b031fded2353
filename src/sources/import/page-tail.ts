import type { WrittenNumber } from '../../core/text/numbers/number.ts';
import { isAcronym, isHelpingWord, isPartOfName, isRoleWord, roleOf, type Role } from '../../core/text/numbers/roles.ts';
import type { Token } from './page-tokens.ts';
import { isTimeAt } from './page-periods.ts';
import { NO_UNIT } from './page-vocabulary.ts';

/** `15% left`: a percentage and its meaning. */
export type Share = { readonly number: WrittenNumber; readonly role: Role };

/** Separates the percentages with a meaning, and their words, from the other tokens. */
export function sharesIn(tokens: readonly Token[]): { readonly shares: readonly Share[]; readonly others: readonly Token[] } {
  const shares: Share[] = [];
  const taken = new Set<Token>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'number' || !token.isShare || token.number === null) continue;
    const behind = wordsFrom(tokens.slice(index + 1));
    // "(left: 15%)": in brackets the word may come first.
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

/** A third figure with the rest: `(998,386 left)`. */
export type Rest = { readonly number: WrittenNumber; readonly role: Role; readonly unit: readonly string[] };

/** The text behind figures. */
export type Tail = {
  readonly unit: readonly string[];
  /** Words and marks up to the next number. */
  readonly said: readonly string[];
  readonly rest: Rest | 'unclear' | null;
  /** No unexplained number follows. */
  readonly isClear: boolean;
};

const LONGEST_UNIT = 40;
const QUALIFIERS = new Set(['total', 'insgesamt', 'more', 'mehr', 'other', 'out']);
/** These do not end a unit. */
const INNER = new Set(['.', ':']);

/** Reads the text behind figures: a unit, a word with their meaning, a percentage, and perhaps the rest. */
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

/** `998,386 left)`: a number and its meaning. Returns null if the number is something else, such as a date. */
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
 * Returns the words that name what is counted, up to a word with the figure's meaning or a word of a sentence.
 *
 * @param isBetween between a figure and its total, qualifiers are skipped: "5 free contacts of 10"
 */
export function unitIn(words: readonly string[], isBetween = false): readonly string[] {
  const unit: string[] = [];
  for (const [index, word] of words.entries()) {
    const isRole = isRoleWord(word) && !isPartOfName(words, index);
    if (unit.length === 0 && ((isRole && isBetween) || QUALIFIERS.has(word.toLowerCase()))) continue;
    if (!/^\p{L}/u.test(word) || isRole || isHelping(word) || NO_UNIT.has(word.toLowerCase()) || isTimeAt(words, index)) break;
    unit.push(word);
  }
  return unit.join(' ').length <= LONGEST_UNIT ? unit : [];
}

/** Whether a word helps a sentence, and is no acronym such as IT. */
export function isHelping(word: string): boolean {
  return isHelpingWord(word) && !isAcronym(word);
}
