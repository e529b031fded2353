import { CURRENCY } from '../../core/text/numbers/currency.ts';
import { settle, type WrittenNumber } from '../../core/text/numbers/number.ts';
import { wordSet } from '../../core/text/numbers/role-vocabulary.ts';
import { isHelpingWord, isOfCommaLanguage, isRoleWord } from '../../core/text/numbers/roles.ts';
import { tokensOf, type Token } from '../import/page-tokens.ts';

/** A number of a text that is not a part of anything else. Places are indexes into the text. */
export type WholeFigure = {
  readonly number: WrittenNumber;
  readonly isShare: boolean;
  /** Where it begins: with its currency, or behind it. */
  readonly starts: readonly number[];
  /** Where it ends: with its magnitude, and with its currency or percent sign, or before those. */
  readonly ends: readonly number[];
};

/** Marks that touch a number and change it: `+5`, `<500`, `5-10`, `.5`, `№5`. */
const CHANGES_BEFORE = /(?:[-−–—+<>≤≥~≈±#№.,^\p{L}\p{N}]|\d[^\s\p{L}/:|])$/u;
const CHANGES_BEHIND = /^(?:[-−–—+‰°^]|[^\s\p{L}/:|]\d)/u;
/** The end and the beginning of what could be one number, written with spaces. */
const ENDS_IN_GROUP = /(?<![\d.,])\d{1,3}(?: \d{3})*$/u;
const BEGINS_WITH_GROUP = /^\d{3}(?!\d)/u;
const GROUPS = /(?<![\d.,\p{L}])\d{1,3}(?: \d{3})+(?!\d)/gu;
/** Powers of ten that the number does not include. `5 m` may be five millions or metres. */
const UNKNOWN_POWERS = wordSet(
  'm b t hundred hundreds thousands dozen dozens hundert dutzend cent cents cien cientos miles milliers docena docenas',
);
const MONEY_BEFORE = new RegExp(String.raw`^${CURRENCY} ?(?=\d)`, 'u');
const MONEY_BEHIND = new RegExp(String.raw` ?${CURRENCY}$`, 'u');

/**
 * Finds the numbers of a text that stand for themselves, each with its sign, separators, magnitude, currency and percent sign. Leaves out a
 * negative one, and one that is only a part of a range, a name or a longer number. Takes time linear in the text.
 */
export function wholeFigures(text: string): readonly WholeFigure[] {
  const tokens: Token[] = [];
  let begin = 0;
  for (const line of text.split('\n')) {
    for (const token of tokensOf(joinGroups(line))) tokens.push({ ...token, at: token.at + begin });
    begin += line.length + 1;
  }
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'number' || token.number === null || isNegative(token.number)) return [];
    return isWhole(text, tokens, index) ? [figureOf(text, token, token.number)] : [];
  });
}

/**
 * Marks `1 200` as one number, unless the first digits may be the end of a name: `Plan 2 500`. Each character keeps its place.
 */
export function joinGroups(line: string): string {
  return line.replaceAll(GROUPS, (group, at: number) => {
    const before = line.slice(Math.max(0, at - MOST_WORD), at);
    const word = before.endsWith(' ')
      ? before
          .trimEnd()
          .split(/[^\p{L}'’-]/u)
          .at(-1)
      : '';
    return word === undefined || word === '' || isHelpingWord(word) || isRoleWord(word) ? group.replaceAll(' ', '\u202F') : group;
  });
}

const MOST_WORD = 40;

function figureOf(text: string, { at, text: written, isShare }: Extract<Token, { kind: 'number' }>, number: WrittenNumber): WholeFigure {
  const [before = ''] = MONEY_BEFORE.exec(written) ?? [];
  const [behind = ''] = MONEY_BEHIND.exec(written) ?? [];
  const end = at + written.length;
  return {
    number,
    isShare,
    starts: [...new Set([at, at + before.length])],
    ends: [...new Set([end, end - behind.length, ...(isShare ? [text.indexOf('%', end) + 1] : [])])],
  };
}

function isNegative({ by: { point, comma } }: WrittenNumber): boolean {
  return (point ?? comma ?? '').startsWith('-');
}

/** Whether a number is not a part of what stands beside it. */
export function isWhole(text: string, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token?.kind !== 'number') return false;
  const [before, next] = [tokens[index - 1], tokens[index + 1]];
  const end = endOf(token, text);
  if (CHANGES_BEFORE.test(text.slice(Math.max(0, token.at - 2), token.at)) || CHANGES_BEHIND.test(text.slice(end, end + 2))) return false;
  if (next?.kind === 'word' && UNKNOWN_POWERS.has(next.text.toLowerCase().replace(/\.$/, ''))) return false;
  return !mayJoin(text, before, token) && !mayJoin(text, token, next);
}

function endOf(token: Extract<Token, { kind: 'number' }>, text: string): number {
  const end = token.at + token.text.length;
  return token.isShare ? text.indexOf('%', end) + 1 : end;
}

/** Whether a number and what is before it may be one number: the page reader takes the 2 of `Plan 2 500` for a part of the name. */
function mayJoin(text: string, first: Token | undefined, second: Token | undefined): boolean {
  if (first === undefined || second?.kind !== 'number' || (first.kind === 'number' && first.isShare)) return false;
  const between = text.slice(first.at + first.text.length, second.at);
  return /^\s$/u.test(between) && ENDS_IN_GROUP.test(first.text) && BEGINS_WITH_GROUP.test(second.text);
}

/** Returns a number as a plain decimal; null if it may mean two amounts. @param groups the mark between groups of digits in its language */
export function decimalOf(number: WrittenNumber, groups: ',' | '.'): string | null {
  const settled = settle(number, null, groups);
  return settled.ok ? settled.value : null;
}

/** Returns the mark between groups of digits in the language of a text. */
export function groupMarkOf(text: string): ',' | '.' {
  return text.split(/\s+/).some((word) => isOfCommaLanguage(word.replaceAll(/[^\p{L}]/gu, ''))) ? '.' : ',';
}
