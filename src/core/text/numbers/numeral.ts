/**
 * Which mark precedes the fraction: `point` as in 1,614.50, `comma` as in 1.614,50. The other mark, spaces, apostrophes and underscores
 * separate groups of digits.
 */
export type Convention = 'point' | 'comma';
export const conventions = ['point', 'comma'] as const satisfies readonly Convention[];

/** The convention that the numbers of a text show: one, contradictory ones (`mixed`), or none. */
export type Shown = Convention | 'mixed' | null;

/** A decimal number in its digits, without a sign. */
export type Decimal = { readonly whole: string; readonly fraction: string };

const FRACTION_MARK = { point: '.', comma: ',' } as const satisfies Record<Convention, string>;

/** Every kind of space that separates digits, as the inside of a character class. */
const SPACES = String.raw` \u00A0\u2007\u2008\u2009\u202F`;
const APOSTROPHES = `'’‘ʼ´`;
/** All marks between two digits of one number except the plain space, for use in a character class. */
export const INNER_MARKS = String.raw`.,_${APOSTROPHES}\u00A0\u2007\u2008\u2009\u202F`;
const MARK = new RegExp(`[.,_${APOSTROPHES}${SPACES}]`, 'u');
const SHAPE = new RegExp(String.raw`^[.,]?\d+(?:[.,_${APOSTROPHES}${SPACES}]\d+)*$`, 'u');
const ONLY_DIGITS = /^\d+$/;
const SPACE = new RegExp(`[${SPACES}]`, 'u');
const APOSTROPHE = new RegExp(`[${APOSTROPHES}]`, 'u');

/**
 * Parses digits and their marks in one convention: groups of three, or Indian ones (`12,34,567`). Takes time linear in the length of
 * the text.
 *
 * @returns null if it is not a number in this convention
 */
export function readNumeral(text: string, convention: Convention): Decimal | null {
  if (ONLY_DIGITS.test(text)) return { whole: text, fraction: '' };
  if (!SHAPE.test(text)) return null;
  const { runs, marks } = split(text);
  const fractionMark = FRACTION_MARK[convention];
  const at = marks.indexOf(fractionMark);
  if (at >= 0 && at !== marks.length - 1) return null;
  const fraction = at >= 0 ? (runs.at(-1) ?? '') : '';
  const groups = at >= 0 ? runs.slice(0, -1) : runs;
  const between = at >= 0 ? marks.slice(0, -1) : marks;
  if (groups.length > 1 && !isGrouped(groups, between)) return null;
  // "01,614" is neither a fraction nor grouped.
  if (at >= 0 && groups.length === 1 && /^0\d/.test(groups[0] ?? '')) return null;
  return { whole: groups.join('') || '0', fraction };
}

function split(text: string): { readonly runs: readonly string[]; readonly marks: readonly string[] } {
  const runs: string[] = [];
  const marks: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (!MARK.test(char)) continue;
    runs.push(text.slice(start, index));
    marks.push(SPACE.test(char) ? ' ' : APOSTROPHE.test(char) ? "'" : char);
    start = index + 1;
  }
  return { runs: [...runs, text.slice(start)], marks };
}

function isGrouped(groups: readonly string[], marks: readonly string[]): boolean {
  const [first = '', ...others] = groups;
  const [mark = ''] = marks;
  // "0,614" is a fraction: a grouped number does not begin with a zero.
  if (first === '' || first.startsWith('0') || first.length > 3 || marks.some((one) => one !== mark)) return false;
  if (others.every((group) => group.length === 3)) return true;
  return mark === ',' && first.length <= 2 && others.at(-1)?.length === 3 && others.slice(0, -1).every((group) => group.length === 2);
}
