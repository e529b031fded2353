import { err, ok, type Result } from '../../result.ts';
import { currencyOf, CURRENCY, type Currency } from './currency.ts';
import { isPlainPower, powerOf } from './magnitude.ts';
import { INNER_MARKS, readNumeral, type Convention, type Decimal, type Shown } from './numeral.ts';
import { withoutTrailingZeros } from '../text-end.ts';

/** A number as people and programs write it, before it is settled what its marks mean. */
export type WrittenNumber = {
  readonly text: string;
  /** By each convention a plain decimal (`-1614.5`) with the magnitude multiplied out, or null where it is no number by it. At least one is there. */
  readonly by: Readonly<Record<Convention, string | null>>;
  /** The digits behind the fraction mark by each convention, as they stand; empty where there are none. */
  readonly fractions: Readonly<Record<Convention, string>>;
  /** `k`, `Mio.`, or empty. */
  readonly magnitude: string;
  readonly currency: Currency | null;
};

/** Why it is not settled what a number is: its digits are not grouped by three, or it could be two, which are given as plain decimals. */
export type NumberProblem =
  { readonly code: 'odd-groups'; readonly digits: string } | { readonly code: 'ambiguous'; readonly less: string; readonly more: string };

/** 2^63 - 1 has 19 digits, and a meter up to 6 after the point. Longer ones are nothing to count, and cost time. */
const LONGEST = 60;

/** Of digits that are named in an error. */
const MOST_REPEATED = 30;

const BEGINNING = new RegExp(String.raw`^(?<sign>[-−+]?)\s{0,4}(?<money>${CURRENCY})?\s{0,4}(?<inner>[-−+]?)(?=[.,]?\d)`, 'u');
const NUMERAL = new RegExp(String.raw`^[\d ${INNER_MARKS}]+`, 'u');
const WORD = /^\p{L}+\.?/u;

/**
 * Reads a number that stands alone: `1,614`, `1.614`, `1 614`, `1'614`, `12,34,567`, `25,75`, `1.2M`, `50k`, `3 Mrd`,
 * `€68.67`, `25.75 USD`.
 *
 * @returns null for what is no number
 */
export function readNumber(raw: string): WrittenNumber | null {
  const text = narrow(raw).trim();
  if (text.length > LONGEST) return null;
  const beginning = BEGINNING.exec(text);
  const { sign = '', money = '', inner = '' } = beginning?.groups ?? {};
  if (beginning === null || (sign !== '' && inner !== '')) return null;
  const rest = text.slice(beginning[0].length);
  const numeral = (NUMERAL.exec(rest)?.[0] ?? '').trimEnd();
  const end = rest.slice(numeral.length).trim();
  const word = WORD.exec(end)?.[0] ?? '';
  const after = end.slice(word.length);
  // "25.75 EUR" has no magnitude, and "1.2 Mio. €" both.
  const isPower = powerOf(word) !== null;
  const tail = `${isPower ? '' : word}${after}`.trim();
  const currency = currencyOf(money === '' ? tail : money);
  if ((money !== '' || tail !== '') && currency === null) return null;
  if (money !== '' && tail !== '' && currencyOf(tail)?.code !== currency?.code) return null;
  return numberOf({ text, numeral, word: isPower ? word : '', isNegative: /[-−]/u.test(sign + inner), currency });
}

/** Full-width letters, digits and marks are the same in another width. */
export function narrow(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
}

/** Puts a number together from its parts, found where they stood. Null when the digits are none by either convention. */
export function numberOf({
  text,
  numeral,
  word,
  isNegative,
  currency,
}: {
  readonly text: string;
  readonly numeral: string;
  /** A magnitude such as `k`, or empty. */
  readonly word: string;
  readonly isNegative: boolean;
  readonly currency: Currency | null;
}): WrittenNumber | null {
  const power = word === '' ? 0 : powerOf(word);
  if (power === null) return null;
  const decimals = { point: readNumeral(numeral, 'point'), comma: readNumeral(numeral, 'comma') };
  const by = (convention: Convention): string | null => {
    const decimal = decimals[convention];
    if (decimal === null || (word !== '' && !isPlainPower(word, convention) && decimal.fraction !== '')) return null;
    return `${isNegative ? '-' : ''}${shifted(decimal, power)}`;
  };
  const both = { point: by('point'), comma: by('comma') };
  if (both.point === null && both.comma === null) return null;
  const fractions = { point: decimals.point?.fraction ?? '', comma: decimals.comma?.fraction ?? '' };
  return { text, by: both, fractions, magnitude: word, currency };
}

/** Moves the point to the right in the digits themselves: no number in between that could lose some. */
function shifted({ whole, fraction }: Decimal, zeros: number): string {
  const digits = fraction.padEnd(zeros, '0');
  const rest = digits.slice(zeros);
  const before = (whole + digits.slice(0, zeros)).replace(/^0+(?=\d)/, '');
  return rest === '' ? before : `${before}.${rest}`;
}

/** Whether a number is another one by each convention: `1,614`, and not `1614` or `25.75`. */
export function isAmbiguous({ by: { point, comma } }: WrittenNumber): boolean {
  return point !== null && comma !== null && withoutZeros(point) !== withoutZeros(comma);
}

function withoutZeros(decimal: string): string {
  return withoutTrailingZeros(decimal);
}

/** Groups are of three digits: `1,0000` has a slip in it as likely as a fraction, and some count in groups of four. */
export function isOddlyGrouped({ by, fractions, magnitude }: WrittenNumber): boolean {
  return by.point === null && magnitude === '' && fractions.comma.length > 3 && !/^-?0\./.test(by.comma ?? '');
}

/**
 * Says what a number is, by what is shown beside it. It never guesses by a factor of a thousand.
 *
 * @param groups the mark that certainly separates groups where nothing is shown, by the language of the text; null where none does
 * @returns a plain decimal, or why not
 */
export function settle(number: WrittenNumber, shown: Shown, groups: ',' | '.' | null): Result<string, NumberProblem> {
  const { point, comma } = number.by;
  if (isOddlyGrouped(number) && shown !== 'comma' && groups !== '.') {
    const digits = number.text.replaceAll(/[^\d]/g, '').slice(0, MOST_REPEATED);
    return err({ code: 'odd-groups', digits });
  }
  if (point === null || comma === null || !isAmbiguous(number)) return ok(point ?? comma ?? '');
  const convention = shown ?? (groups === null || !number.text.includes(groups) ? null : groups === ',' ? 'point' : 'comma');
  if (convention === 'point') return ok(point);
  if (convention === 'comma') return ok(comma);
  const [less, more] = number.text.includes('.') ? [point, comma] : [comma, point];
  return err({ code: 'ambiguous', less, more });
}
