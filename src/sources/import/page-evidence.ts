import { monthOf } from '../../core/time/month-names.ts';
import type { WrittenNumber } from '../../core/text/numbers/number.ts';
import { isRoleWord, roleOf } from '../../core/text/numbers/roles.ts';
import type { Token } from './page-tokens.ts';

/** Nouns that vendors count, singular and plural. */
const COUNTED =
  /^(?:credit|crédit|crédito|token|contact|kontakt|email|e-mail|mail|seat|request|anfrage|lookup|look-up|search|visitor|besucher|lead|enrichment|minute|character|message|unit|user|task|run|call|export|reveal|action|verification|record|company|account|event|session|page|profile|number|point|operation|execution|row|guthaben)e?s?n?$/iu;
/** Words for a position in a list or wizard. */
const WHERE_ONE_IS =
  /^(?:showing|displaying|viewing|page|step|seite|schritt|anzeige|zeige|affichage|étape|mostrando|paso|página|results?|items?)\b/iu;
const DATE_BEGINS = /^\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?$/;

/** Whether a name or a unit is something counted: "Clay Credits" is, "Step" is not. */
export function isCounted(name: string, unit: string): boolean {
  if (WHERE_ONE_IS.test(name)) return false;
  return `${name} ${unit}`.split(/[^\p{L}-]+/u).some((word) => COUNTED.test(word));
}

/** Nouns that are counted by the million and never measured: "120m calls" could otherwise be minutes of calls. */
const NEVER_MEASURED =
  /^(?:credit|crédit|crédito|token|contact|kontakt|email|e-mail|mail|seat|request|anfrage|lookup|look-up|visitor|besucher|lead|enrichment|message|user|record|event|row|operation)e?s?n?$/iu;

/** Whether the unit is a counted thing without length, weight or duration. */
export function isCountedThing(unit: string): boolean {
  return unit.split(/[^\p{L}-]+/u).some((word) => NEVER_MEASURED.test(word));
}

/** "Total 99" and "Credits 99" are figures; "Plan 2" is a name. */
const BEFORE_FIGURE = /^(?:total|sum|gesamt|summe)$/iu;

/** Whether a line without figures can be the name of the figures below it. */
export function canBeName(tokens: readonly Token[]): boolean {
  return tokens.every((token, index) => {
    if (token.kind !== 'number') return true;
    const before = tokens[index - 1]?.text ?? '';
    return token.number !== null && !token.isShare && !BEFORE_FIGURE.test(before) && !COUNTED.test(before);
  });
}

type NumberToken = Extract<Token, { kind: 'number' }>;

/** Whether an unread line contains a figure, and so has to be reported. */
export function holdsFigure(tokens: readonly Token[]): boolean {
  const numbers = tokens.flatMap((token, index) => (token.kind === 'number' && !token.isShare ? [{ token, index }] : []));
  if (numbers.length === 0) return false;
  if (numbers.some(({ index }, nth) => nth > 0 && tokens[index - 1]?.text === '/' && tokens[index - 2]?.kind === 'number')) return true;
  if (numbers.some(({ token }) => /[^\P{N}0-9]/u.test(token.text))) return true;
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : []));
  if (isDate(tokens, words)) return false;
  if (roleOf(words).role !== null || words.some((word) => isRoleWord(word) && roleOf([word]).role !== null)) return true;
  return numbers.some(
    ({ token, index }) => isFigure(token) || COUNTED.test(tokens[index + 1]?.text ?? '') || (tokens.length === 1 && token.text.length > 2),
  );
}

/** Whether a number on a line is a figure by itself, and not a percentage or part of a date. */
export function isFigureAt(tokens: readonly Token[], index: number): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  return token?.kind === 'number' && !token.isShare && (isFigure(token) || COUNTED.test(next?.text ?? ''));
}

/** With separators between digits, a magnitude or a currency. */
function isFigure({ text, number }: NumberToken): boolean {
  return number?.currency !== null && number?.currency !== undefined
    ? true
    : /\d[^\d]\d|\d{5}|\d ?\p{L}/u.test(text) && !DATE_BEGINS.test(text);
}

/** A date, a time, or a range of days. */
function isDate(tokens: readonly Token[], words: readonly string[]): boolean {
  if (words.some((word) => monthOf(word) !== null && word.length < 10)) return true;
  return tokens.some(
    (token, index) =>
      token.kind === 'number' &&
      (tokens[index + 1]?.text === ':' || tokens[index + 1]?.text === '-') &&
      tokens[index + 2]?.kind === 'number',
  );
}

/** The numbers of a line that show the page's number format: not versions, and not dates such as 23.11. */
export function numbersOfPage(tokens: readonly Token[]): readonly WrittenNumber[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'number' || token.number === null) return [];
    const beside = [tokens[index - 1], tokens[index + 1]].map((one) => one?.text ?? '');
    if (/^(?:v|version|ver)\.?$/i.test(beside[0] ?? '')) return [];
    const isShort = /^\d{1,2}\.\d{1,2}$/.test(token.text) || /^\d{1,2}\.\d{4}$/.test(token.text);
    return isShort && !token.isShare && !beside.some((one) => one === '/') && token.number.currency === null ? [] : [token.number];
  });
}
