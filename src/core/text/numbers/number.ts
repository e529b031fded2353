import { err, ok, type Result } from '../../result.ts';
import { currencyOf, CURRENCY, type Currency } from './currency.ts';
import { isPlainPower, MAGNITUDE, powerOf } from './magnitude.ts';
import { INNER_MARKS, readNumeral, type Convention, type Decimal, type Shown } from './numeral.ts';
import { withoutTrailingZeros } from '../text-end.ts';

/** A written number, before its marks are interpreted. */
export type WrittenNumber = {
  readonly text: string;
  /**
   * For each convention, a plain decimal (`-1614.5`) with the magnitude applied, or null if the number is not valid in it. At least one
   * is set.
   */
  readonly by: Readonly<Record<Convention, string | null>>;
  /** For each convention, the digits after the fraction mark; empty if there are none. */
  readonly fractions: Readonly<Record<Convention, string>>;
  /** `k`, `Mio.`, or empty. */
  readonly magnitude: string;
  readonly currency: Currency | null;
};

/** Why a number cannot be interpreted: its digits are not grouped by three, or it has two readings, given as plain decimals. */
export type NumberProblem =
  { readonly code: 'odd-groups'; readonly digits: string } | { readonly code: 'ambiguous'; readonly less: string; readonly more: string };

/** 2^63 - 1 has 19 digits, and a meter has up to 6 decimals. Longer text is not a number and costs time. */
const LONGEST = 60;

/** The most digits repeated in an error. */
const MOST_REPEATED = 30;

const BEGINNING = new RegExp(String.raw`^(?<sign>[-−+]?)\s{0,4}(?<money>${CURRENCY})?\s{0,4}(?<inner>[-−+]?)(?=[.,]?\d)`, 'u');
const NUMERAL = new RegExp(String.raw`^[\d ${INNER_MARKS}]+`, 'u');
const WORD = new RegExp(`^${MAGNITUDE}`, 'u');

/**
 * Parses a text that is only a number: `1,614`, `1.614`, `1 614`, `1'614`, `12,34,567`, `25,75`, `1.2M`, `50k`, `3 Mrd`, `€68.67`,
 * `25.75 USD`.
 *
 * @returns null if it is not a number
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
  // "25.75 EUR" has no magnitude; "1.2 Mio. €" has a magnitude and a currency.
  const isPower = powerOf(word) !== null;
  const tail = `${isPower ? '' : word}${after}`.trim();
  const currency = currencyOf(money === '' ? tail : money);
  if ((money !== '' || tail !== '') && currency === null) return null;
  if (money !== '' && tail !== '' && currencyOf(tail)?.code !== currency?.code) return null;
  return numberOf({ text, numeral, word: isPower ? word : '', isNegative: /[-−]/u.test(sign + inner), currency });
}

/** Replaces full-width letters, digits and marks with the ordinary ones. */
export function narrow(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
}

/** Builds a number from its parsed parts. Null if the digits are valid in neither convention. */
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

/** Moves the decimal point in the text, so that no digit is lost in a floating-point number. */
function shifted({ whole, fraction }: Decimal, zeros: number): string {
  const digits = fraction.padEnd(zeros, '0');
  const rest = digits.slice(zeros);
  const before = (whole + digits.slice(0, zeros)).replace(/^0+(?=\d)/, '');
  return rest === '' ? before : `${before}.${rest}`;
}

/** Whether a number differs between the conventions: `1,614`, but not `1614` or `25.75`. */
export function isAmbiguous({ by: { point, comma } }: WrittenNumber): boolean {
  return point !== null && comma !== null && withoutZeros(point) !== withoutZeros(comma);
}

function withoutZeros(decimal: string): string {
  return withoutTrailingZeros(decimal);
}

/** Whether the groups are unusual. Groups have three digits: `1,0000` may be a typo, a fraction, or a group of four. */
export function isOddlyGrouped({ by, fractions, magnitude }: WrittenNumber): boolean {
  return by.point === null && magnitude === '' && fractions.comma.length > 3 && !/^-?0\./.test(by.comma ?? '');
}

/**
 * Interprets a number by the shown convention. Never guesses when the results differ by a factor of a thousand.
 *
 * @param groups the group separator in the language of the text, if nothing is shown; null if unknown
 * @returns a plain decimal, or the problem
 */
export function settle(number: WrittenNumber, shown: Shown, groups: ',' | '.' | null): Result<string, NumberProblem> {
  const { point, comma } = number.by;
  if (isOddlyGrouped(number) && shown !== 'comma' && groups !== '.') {
    const digits = number.text.replaceAll(/[^\d]/g, '').slice(0, MOST_REPEATED);
    return err({ code: 'odd-groups', digits });
  }
  if (point === null || comma === null || !isAmbiguous(number)) return ok(point ?? comma ?? '');
  const convention = shown ?? (groups === null || !hasMark(number, groups) ? null : groups === ',' ? 'point' : 'comma');
  if (convention === 'point') return ok(point);
  if (convention === 'comma') return ok(comma);
  const [less, more] = hasMark(number, '.') ? [point, comma] : [comma, point];
  return err({ code: 'ambiguous', less, more });
}

/** Whether a mark is between the digits, and not behind a magnitude such as `Mio.`. */
function hasMark({ text }: WrittenNumber, mark: ',' | '.'): boolean {
  return (mark === '.' ? /\.\d/ : /,\d/).test(text);
}
