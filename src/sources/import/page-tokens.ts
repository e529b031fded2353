import { CURRENCY, currencyOf } from '../../core/text/numbers/currency.ts';
import { MAGNITUDE, powerOf } from '../../core/text/numbers/magnitude.ts';
import { numberOf, type WrittenNumber } from '../../core/text/numbers/number.ts';
import { INNER_MARKS } from '../../core/text/numbers/numeral.ts';
import { isRoleWord } from '../../core/text/numbers/roles.ts';

/** A piece of a line. A number with invalid digits (`1,23,4`, `7½`), or joined to letters (`5GB`), has no value. */
export type Token =
  | {
      readonly kind: 'number';
      readonly text: string;
      readonly number: WrittenNumber | null;
      readonly isShare: boolean;
      readonly at: number;
    }
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'mark'; readonly text: string; readonly at: number };

const SPACE = /\s+/uy;
const WORD = /\p{L}[\p{L}\p{M}\p{N}_'’&-]*\.?/uy;
// One mark between two digits, so that each text can be read in one way only.
const DIGITS = new RegExp(String.raw`\d+(?:[${INNER_MARKS}]\d+)*`, 'uy');
/** Digits of other scripts, fractions, numbers in circles: surely a number, with an unknown value. */
const FOREIGN = /[^\P{N}0-9](?:[.,٫٬]?\p{N})*/uy;
const GROUPS = /\d{1,3}(?: \d{3}(?![\d%]| %))+(?:[.,]\d+)?/uy;
/** The possible starts of a number. */
const BEGINNING = new RegExp(String.raw`[\p{N}\-−]|${CURRENCY}`, 'uy');
const BEFORE = new RegExp(String.raw`(?:(?<sign>[-−]) ?)?(?<money>${CURRENCY}) ?(?<inner>[-−])?(?=[.,]?\d)`, 'uy');
const SIGN = /[-−](?=\d)/uy;
const LETTERS = new RegExp(` ?(?<word>${MAGNITUDE})`, 'uy');
const NEXT_WORD = / (?<word>\p{L}{3,}\.?)/uy;
const MONEY_AFTER = new RegExp(String.raw` ?(?<money>${CURRENCY})`, 'uy');
const SHARE = /\s?%/uy;
/** Letters that mean a magnitude after a space only as capitals: "5 m" may be metres or minutes. */
const SMALL_LETTER = /^[mbt]$/;

/** Marks that begin neither a number nor a word, so that a line of them costs little. */
const PLAIN_MARKS = new Set('()[]{}<>|/\\:;!?*=~^"&@#_`');

/** Splits a line into words, numbers and marks, in one pass from left to right. */
export function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let lastNumber: Token | null = null;
  let at = 0;
  while (at < line.length) {
    if (PLAIN_MARKS.has(line.charAt(at))) {
      tokens.push({ kind: 'mark', text: line.charAt(at), at });
      at += 1;
      continue;
    }
    const space = match(SPACE, line, at);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const number = numberAt(line, at, mayEndName(line, at, tokens.at(-1), lastNumber));
    if (number !== null) {
      tokens.push(number.token);
      lastNumber = number.token;
      at = number.end;
      continue;
    }
    const word = match(WORD, line, at);
    const text = word?.[0] ?? String.fromCodePoint(line.codePointAt(at) ?? 0);
    tokens.push({ kind: word === null ? 'mark' : 'word', text, at });
    at += text.length;
  }
  return tokens;
}

/** Words before a total in languages that group digits by spaces: "1 614 sur 1 000 000". */
const OF_BY_SPACES = new Set(['sur', 'de', 'di', 'su', 'del', 'des']);
const OF = new Set([...OF_BY_SPACES, 'of', 'von', 'aus', 'van', 'from']);

/**
 * Whether a number may be the end of a name, so that a space behind it does not group digits: "Plan 2 500". It is none after a tab, after
 * a word such as "left", and after "of" if the number before that is grouped by spaces too.
 */
function mayEndName(line: string, at: number, before: Token | undefined, lastNumber: Token | null): boolean {
  if (before?.kind !== 'word' || isRoleWord(before.text)) return false;
  if (/\t| {2}/u.test(line.slice(before.at + before.text.length, at))) return false;
  const word = before.text.toLowerCase();
  return lastNumber === null || !(OF_BY_SPACES.has(word) || (OF.has(word) && /\d \d/u.test(lastNumber.text)));
}

function numberAt(line: string, start: number, mayBeInName: boolean): { readonly token: Token; readonly end: number } | null {
  if (match(BEGINNING, line, start) === null) return null;
  const money = match(BEFORE, line, start);
  const sign = money === null && isFree(line, start) ? match(SIGN, line, start) : null;
  const from = start + (money ?? sign ?? [''])[0].length;
  const isInName = mayBeInName && money === null && sign === null;
  const digits = (isInName ? null : match(GROUPS, line, from)) ?? match(DIGITS, line, from);
  const foreign = match(FOREIGN, line, digits === null ? start : from + digits[0].length);
  if (foreign !== null) {
    const end = foreign.index + foreign[0].length;
    return { token: { kind: 'number', text: line.slice(start, end), number: null, isShare: false, at: start }, end };
  }
  if (digits === null) return null;
  let end = from + digits[0].length;
  const letters = match(LETTERS, line, end);
  const word = letters?.groups?.['word'] ?? '';
  const isGlued = letters !== null && !letters[0].startsWith(' ');
  const isPower = word !== '' && powerOf(word) !== null && (isGlued || !SMALL_LETTER.test(word));
  if (isPower) end += letters?.[0].length ?? 0;
  // "Two thousand millions" is not a number here.
  const second = isPower ? (match(NEXT_WORD, line, end)?.groups?.['word'] ?? '') : '';
  const after = match(MONEY_AFTER, line, end);
  const moneyAfter = currencyOf(after?.groups?.['money'] ?? '');
  if (moneyAfter !== null) end += after?.[0].length ?? 0;
  const share = match(SHARE, line, end);
  const currency = currencyOf(money?.groups?.['money'] ?? '') ?? moneyAfter;
  const isForeign =
    (money !== null && currencyOf(money.groups?.['money'] ?? '') === null) ||
    (isGlued && !isPower && moneyAfter === null) ||
    powerOf(second) !== null;
  if (money !== null && currency === null) return null;
  const text = line.slice(start, end);
  const isNegative = sign !== null || money?.groups?.['sign'] !== undefined || money?.groups?.['inner'] !== undefined;
  const number = isForeign ? null : numberOf({ text, numeral: digits[0], word: isPower ? word : '', isNegative, currency });
  return { token: { kind: 'number', text, number, isShare: share !== null, at: start }, end: end + (share?.[0].length ?? 0) };
}

/** Whether a dash can be a sign here. One that joins two things cannot. */
function isFree(line: string, at: number): boolean {
  return at === 0 || /[\s(:/|]/u.test(line.charAt(at - 1));
}

function match(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}
